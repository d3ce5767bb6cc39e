"""After an operation: does everything that is served run what was deployed last?"""

from __future__ import annotations

import json

from simulate import functions, places
from simulate.making import Making
from simulate.model import Account, Instance, Problem, Stack


def stale(account: Account, stack: Stack) -> list[Problem]:
    return old_versions(account, stack) + old_deployments(account, stack)


def spy(account: Account, stack: Stack, instance: Instance) -> Making:
    return Making(account, stack, instance, frozenset(), account.operation + 1, set())


def old_versions(account: Account, stack: Stack) -> list[Problem]:
    """Aliases, distributions and whatever else names a version that is not what the function is now."""
    problems = []
    versions = [one for one in stack.current.values() if one.type == "AWS::Lambda::Version" and "holds" in one.state]
    for instance in stack.current.values():
        if instance.type == "AWS::Lambda::Version":
            continue
        text = json.dumps(instance.properties)
        for version in versions:
            used = f'"{version.arn}"' in text or instance.type == "AWS::Lambda::Alias" and is_target(instance, version)
            of = functions.named(spy(account, stack, instance), version.arn)
            if used and of is not None and of.state["latest"] != version.state["holds"]:
                what = "code" if of.state["code"] != version.state["code"] else "configuration"
                found = f"runs version {version.attributes['Version']} of {of.logical_id}, whose {what} was changed since"
                problems.append(Problem("version-is-old", instance.logical_id, found))
    return problems


def is_target(alias: Instance, version: Instance) -> bool:
    same = str(alias.properties["FunctionName"]).split(":function:")[-1].split(":")[0] == version.state["function"]
    return same and str(alias.properties["FunctionVersion"]) == version.attributes["Version"]


def old_deployments(account: Account, stack: Stack) -> list[Problem]:
    """Stages whose deployment is not what the API is now. HTTP APIs with automatic deployment have none."""
    problems = []
    for instance in stack.current.values():
        if not instance.type.endswith("::Stage") or "DeploymentId" not in instance.properties:
            continue
        deployment = next((d for d in stack.current.values() if d.ref == instance.properties["DeploymentId"]), None)
        if deployment is None or "holds" not in deployment.state:
            continue
        now = places.served(spy(account, stack, deployment), deployment.state["api"], only_seen=False)
        if now != deployment.state["holds"]:
            problems.append(Problem("deployment-is-old", instance.logical_id, f"serves {deployment.logical_id}, which does not hold all of what the API is now"))
    return problems
