"""Makes `stdlib/templates/sam-connectors.json` from the profiles of connectors that the package aws-sam-translator ships.

    python src/template/sam/connectors/generate.py > stdlib/templates/sam-connectors.json

A profile says which resources a connector between two types makes. `%{Source.Arn}` and the like stand for values of the
two resources, `%{Statements}` for the statements of the permissions that are asked for.
"""

import json
from importlib.resources import files

SHIPPED = files("samtranslator") / "model" / "connector_profiles" / "profiles.json"
DOCUMENT = {"Version": "2012-10-17", "Statement": "%{Statements}"}
# The resource that each type of profile makes: the end of its id, its type, its properties; `End` is the side that has it.
ONE = {
    "AWS_IAM_ROLE_MANAGED_POLICY": ("Policy", "AWS::IAM::ManagedPolicy", {"PolicyDocument": DOCUMENT, "Roles": ["%{End.Role}"]}),
    "AWS_SQS_QUEUE_POLICY": ("QueuePolicy", "AWS::SQS::QueuePolicy", {"PolicyDocument": DOCUMENT, "Queues": ["%{End.Url}"]}),
    "AWS_SNS_TOPIC_POLICY": ("TopicPolicy", "AWS::SNS::TopicPolicy", {"PolicyDocument": DOCUMENT, "Topics": ["%{End.Arn}"]}),
}

NAMES = {"Id": "ResourceId"}  # a value that the profiles name in another way than the types


def made(profile: dict) -> list[dict]:
    properties = profile["Properties"]
    end = "Source" if properties["SourcePolicy"] else "Destination"
    categories = properties["AccessCategories"]
    if profile["Type"] == "AWS_LAMBDA_PERMISSION":
        return [
            {"for": name, "suffix": f"{name}LambdaPermission", "type": "AWS::Lambda::Permission",
             "properties": {**what, "FunctionName": f"%{{{end}.Arn}}"}}
            for name, what in categories.items()
        ]
    suffix, kind, template = ONE[profile["Type"]]
    template = json.loads(json.dumps(template).replace("%{End.", f"%{{{end}."))
    statements = {name: what["Statement"] for name, what in categories.items()}
    return [{"suffix": suffix, "type": kind, "properties": template, "statements": statements}]


def main() -> None:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    pairs = {
        source: {
            target: {
                "permissions": list(profile["Properties"]["AccessCategories"]),
                "combinations": profile["Properties"].get("ValidAccessCategories", []),
                "made": made(profile),
            }
            for target, profile in targets.items()
        }
        for source, targets in shipped["Permissions"].items()
    }
    resources = {}
    for kind, what in shipped["CfnResourceProperties"].items():
        role = what.get("Inputs", {}).get("Role")
        resources[kind] = {"values": {NAMES.get(name, name): value for name, value in what.get("Outputs", {}).items()}}
        if isinstance(role, str):
            resources[kind]["role"] = role
        elif role:
            assert role == {"Function": "GetEventsRuleRole"}, role
            resources[kind]["role_of"] = {"list": "Targets", "by": "Arn", "role": "RoleArn"}
    print(json.dumps({"pairs": pairs, "resources": resources}, indent=1))


if __name__ == "__main__":
    main()
