"""A SAM template expanded by AWS's own translator, for one partition."""

from __future__ import annotations

import copy
import logging
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Iterator
from unittest.mock import patch

from common import OracleFailure, Template
from reading.partitions import Partition

LOCAL = {  # what `sam package` replaces by what it uploaded
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}


@contextmanager
def region(name: str) -> Iterator[None]:
    """The translator takes the partition from the region of the session of boto3, and remembers it. It makes a session
    for each resource, which takes most of its time: it gets one that knows the region and nothing else."""
    from samtranslator.translator import arn_generator

    def forget() -> None:
        arn_generator._get_region_from_session.cache_clear()
        arn_generator._region_to_partition.cache_clear()

    forget()
    try:
        with patch("boto3.session.Session", lambda: SimpleNamespace(region_name=name)):
            yield
    finally:
        forget()


@cache
def trust_policy_templates() -> None:
    """The translator compares its own policy templates with a schema each time that it is called."""
    from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor

    PolicyTemplatesProcessor._is_valid_templates_dict = staticmethod(lambda *_: True)


class NoPolicies:
    """The translator has the list of AWS's managed policies; it must not ask IAM for more."""

    def load(self) -> dict[str, str]:
        return {}


def is_sam(template: Template) -> bool:
    transform = template.get("Transform", [])
    names = transform if isinstance(transform, list) else [transform]
    return any(str(name).startswith("AWS::Serverless") for name in names)


def package(name: str, properties: Template, uri: str) -> None:
    if isinstance(properties.get(uri), str) and "://" not in properties[uri]:
        properties[uri] = f"s3://packages/{name}.zip"


def expand(template: Template, partition: Partition) -> Template:
    """The template that CloudFormation would see; one that does not use SAM is given back as it is."""
    if not is_sam(template):
        return template
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.transform import transform

    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    trust_policy_templates()
    prepared = copy.deepcopy(template)
    shared = prepared.get("Globals", {}).get("Function", {})
    package("shared", shared, LOCAL["AWS::Serverless::Function"])
    for logical_id, resource in prepared["Resources"].items():
        package(logical_id, resource.get("Properties", {}), LOCAL.get(resource["Type"], ""))
    values = partition.pseudo() | {
        name: given["Default"] for name, given in prepared.get("Parameters", {}).items() if "Default" in given
    }
    with region(partition.region):
        try:
            return transform(prepared, values, NoPolicies())
        except InvalidDocumentException as error:
            causes = "; ".join(cause.message for cause in error.causes)
            raise OracleFailure(f"the translator refuses it in {partition.name}: {causes}") from error
