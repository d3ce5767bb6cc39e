"""Sample events of `purlin event` against those of AWS SAM CLI's `local generate-event`: the same fields with the same
types of JSON. What differs is listed here with its reason, and what is listed must differ."""

from __future__ import annotations

import base64
import gzip
import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from common import TOOLS, Json, OracleFailure, purlin, read_json

EVENTS = TOOLS / "carried" / "samcli" / "lib" / "generated_sample_events" / "events"

PROGRAM = """stack samples
queue lost { retention = 14d }
queue jobs {
  dead_letter = lost
  visibility  = 2m
}
topic news { }
stream history { }
table items {
  key    = "id"
  stream = "both"
}
bucket pictures { }
log_group lines { }
schedule tick {
  expression = "rate(5 minutes)"
  by         = "rule"
}
http_api web { jwt { issuer = "https://example.com", audience = ["a"] } }
rest_api rest { authorizer { function = f } }
function f {
  runtime = "python3.13"
  handler = "a.b"
  code    = "a.zip"
  timeout = 5s

  on jobs.messages()
  on news.published()
  on history.records()
  on items.changes()
  on pictures.created()
  on pictures.removed()
  on lines.lines()
  on tick.fires()
  on web.route("GET /orders/{id}", auth: "jwt")
  on rest.route("GET /orders/{id}", auth: "none")
}
"""


def logs(event: Json) -> Json:
    """The lines of a subscription, unpacked."""
    return json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))


def modified(event: Json) -> Json:
    """The record of a table that has both images."""
    return {"Records": [r for r in event["Records"] if r["eventName"] == "MODIFY"][:1]}


@dataclass(frozen=True)
class Pair:
    """A trigger of the program, the event of SAM CLI that it is compared with, and what may differ below which field."""

    trigger: str
    event: str
    read: Callable[[Json], Json] = lambda event: event
    differs: dict[str, str] = field(default_factory=dict)


# The pages that show the events are named in `stdlib/samples.toml`.
CLOUDFRONT = "SAM's API is edge-optimized: CloudFront adds these headers"
EXAMPLE = "an example of values that a client chooses"
PAIRS = [
    Pair("jobs.messages", "sqs/Sqs.json"),
    Pair("news.published", "sns/Sns.json", differs={"Records.Sns.MessageAttributes": EXAMPLE}),
    Pair("history.records", "kinesis/Kinesis.json"),
    Pair(
        "items.changes",
        "dynamodb/DynamoDBUpdate.json",
        modified,
        {f"Records.dynamodb.{part}": "the attributes of an item are the program's" for part in ("Keys", "NewImage", "OldImage")},
    ),
    Pair("pictures.created", "s3/S3Put.json"),
    Pair("pictures.removed", "s3/S3Delete.json"),
    Pair("lines.lines", "cloudwatch/CloudwatchLogs.json", logs),
    Pair("tick.fires", "cloudwatch/ScheduledEvent.json", differs={"version": "every event of EventBridge has it, SAM's example is older"}),
    Pair(
        "web.route",
        "apigateway/HttpApi.json",
        differs={
            "headers": EXAMPLE,
            "queryStringParameters": EXAMPLE,
            "pathParameters": EXAMPLE,
            "stageVariables": "the stage has none",
            "requestContext.authentication": "only with mutual TLS",
            "requestContext.authorizer.jwt.claims": EXAMPLE,
            "requestContext.authorizer.jwt.scopes": "null where a route asks for none",
        },
    ),
    Pair(
        "rest.route",
        "apigateway/AwsProxy.json",
        differs={
            "headers": CLOUDFRONT,
            "multiValueHeaders": CLOUDFRONT,
            "queryStringParameters": "a placeholder of SAM's",
            "multiValueQueryStringParameters": EXAMPLE,
            "pathParameters": EXAMPLE,
            "stageVariables": "the stage has none",
            "requestContext.domainName": "newer than SAM's example",
            "requestContext.domainPrefix": "newer than SAM's example",
            "requestContext.extendedRequestId": "newer than SAM's example",
            "requestContext.deploymentId": "newer than SAM's example",
            "requestContext.identity.principalOrgId": "newer than SAM's example",
        },
    ),
    Pair("rest.authorizer", "apigateway/ApiGatewayAuthorizer.json"),
]


def kind(value: Json) -> str:
    """The type of JSON of a value."""
    for name, types in (("null", type(None)), ("boolean", bool), ("number", (int, float)), ("text", str)):
        if isinstance(value, types):
            return name
    return "list" if isinstance(value, list) else "record"


def fields(value: Json, path: str = "") -> dict[str, str]:
    """Every field with its type; the fields of the records in a list have the path of the list."""
    elements = value if isinstance(value, list) else [value]
    kinds = " and ".join(sorted({kind(one) for one in elements})) or "nothing"
    found = {path: f"list of {kinds}" if isinstance(value, list) else kinds} if path else {}
    for record in (one for one in elements if isinstance(one, dict)):
        for key, one in record.items():
            found |= fields(one, f"{path}.{key}" if path else key)
    return found


def difference(ours: Json, theirs: Json, differs: dict[str, str], other: str = "SAM CLI") -> list[str]:
    """The fields that are in one only or have another type, and what is listed and does not differ."""
    ours, theirs = fields(ours), fields(theirs)
    unlike = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
    below = lambda path, listed: path == listed or path.startswith(listed + ".")
    wrong = [
        f"{path}: {ours.get(path, 'absent')}, and with {other} {theirs.get(path, 'absent')}"
        for path in unlike
        if not any(below(path, listed) for listed in differs)
    ]
    wrong += [f"{listed} is listed and does not differ" for listed in differs if not any(below(path, listed) for path in unlike)]
    return wrong


def main() -> int:
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.purlin").write_text(PROGRAM, encoding="utf-8")
        for pair in PAIRS:
            ours = json.loads(purlin("event", "f", folder, "--trigger", pair.trigger))
            theirs = read_json(EVENTS / pair.event)
            wrong += [f"{pair.trigger}: {one}" for one in difference(pair.read(ours), pair.read(theirs), pair.differs)]
    if wrong:
        raise OracleFailure("\n".join(wrong))
    print(f"{len(PAIRS)} sample events have the fields of SAM CLI's")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OracleFailure as failure:
        sys.exit(f"samples: {failure}")
