"""Sample events of `purlin event` against events that others recorded or that AWS's pages show, where AWS SAM CLI has no
example. `fixtures/events.json` has the names and the types of their fields, and where each was read; no value is kept.
What differs is listed here with its reason, and what is listed must differ."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from common import HERE, Json, OracleFailure, purlin, read_json
from samples import difference

FUNCTION = 'runtime = "python3.13"\n  handler = "a.b"\n  code    = "a.zip"\n  timeout = 5s'
PROGRAM = (
    """stack recorded
topic news { }
topic ordered { fifo = true }
queue heard { on news.published() }
queue sorted {
  fifo = true
  on ordered.published()
}
bucket cold { versioned = true }
bucket frozen { }
bus shop { }
secret token { generate_key = "value" }
schedule tick { expression = "rate(5 minutes)" }
alarm busy {
  namespace   = "AWS/SQS"
  metric      = "ApproximateNumberOfMessagesVisible"
  description = "too many"
  dimensions  = { QueueName = "jobs" }
  threshold   = 5.0
  tell        = [alerts]
}
topic alerts { }
http_api web {
  jwt { issuer = "https://example.com", audience = ["a"] }
  authorizer { function = decide }
}
rest_api rest {
  authorizer { function = decide }
  user_pools = ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a"]
}
websocket_api open { }
websocket_api closed { authorizer { function = decide } }
distribution site {
  origins { home { host = "example.org" } }
  behaviour { origin = "home" }
  behaviours = { "/sent/*" = { origin = "home" } }
}
function decide { FUNCTION }
function public {
  FUNCTION
  url { auth = "none" }
}
function signed {
  FUNCTION
  url { }
}
function first {
  FUNCTION
  on_failure = second
  on alerts.published()
}
function second { FUNCTION }
function f {
  FUNCTION
  on heard.messages()
  on sorted.messages()
  on cold.restored(how: "Completed")
  on shop.matched(source: ["a"])
  on token.rotates()
  on tick.fires()
}
function asked {
  FUNCTION
  on frozen.restored(how: "Post")
}
function edge {
  FUNCTION
  memory = 128MB
  on site.viewer_request()
  on site.origin_request()
  on site.origin_response()
  on site.viewer_response()
}
function sized {
  FUNCTION
  memory = 128MB
  on site.viewer_request(path: "/sent/*", body: true)
}
"""
    # The functions of routes: one for each way to sign in.
    + "".join(
        f"function {name} {{\n  FUNCTION\n  on {trigger}\n}}\n"
        for name, trigger in (
            ("web_jwt", 'web.route("GET /jwt", auth: "jwt")'),
            ("web_scopes", 'web.route("GET /scopes/{id}", auth: "jwt", scopes: ["read"])'),
            ("web_iam", 'web.route("GET /iam", auth: "iam")'),
            ("web_function", 'web.route("GET /function/{id}", auth: "function")'),
            ("web_old", 'web.route("GET /old/{id}", payload: "1.0")'),
            ("rest_none", 'rest.route("GET /none", auth: "none")'),
            ("rest_iam", 'rest.route("GET /iam", auth: "iam")'),
            ("rest_function", 'rest.route("GET /function", auth: "function")'),
            ("rest_users", 'rest.route("GET /users", auth: "users")'),
            ("connects", 'open.route("$connect")'),
            ("connects_checked", 'closed.route("$connect")'),
            ("leaves", 'open.route("$disconnect")'),
            ("speaks", 'open.route("say")'),
        )
    )
).replace("FUNCTION", FUNCTION)

CLIENT = "what a client chooses to send"
NULLS = "the page says that it is null or absent"
NONE = "the API has none"
ASKED = "the example's request has no parameters and no body"
SENT = {"headers": CLIENT, "queryStringParameters": CLIENT, "body": CLIENT, "cookies": CLIENT}
OLD = {
    "headers": CLIENT,
    "multiValueHeaders": CLIENT,
    "queryStringParameters": ASKED,
    "multiValueQueryStringParameters": ASKED,
    "body": ASKED,
}
MUTUAL = {
    "headers": CLIENT,
    "queryStringParameters": CLIENT,
    "pathParameters": CLIENT,
    "stageVariables": NONE,
    "requestContext.authentication": "only with mutual TLS",
}
AGENT = {"requestContext.identity.userAgent": "of clients that name themselves, as in other recorded events"}
VIEWER = {"Records.cf.request.headers": CLIENT}
ANSWER = VIEWER | {"Records.cf.response.headers": "what an origin chooses to send"}
LATER = "newer than the example"


def inside(event: Json) -> Json:
    """What is in the body of the first message."""
    return json.loads(event["Records"][0]["body"])


def notice(event: Json) -> Json:
    """What is in the first notification."""
    return json.loads(event["Records"][0]["Sns"]["Message"])


@dataclass(frozen=True)
class Recorded:
    """A declaration of the program, its trigger, the event that it is compared with, and what may differ below which field."""

    declaration: str
    trigger: str
    event: str
    differs: dict[str, str] = field(default_factory=dict)
    read: Callable[[Json], Json] = lambda event: event


RECORDED = [
    Recorded("public", "public.url", "url", SENT),
    Recorded(
        "signed",
        "signed.url",
        "signed-url",
        {"headers": CLIENT, "queryStringParameters": CLIENT}
        | {key: NULLS for key in ("requestContext.authentication", "pathParameters", "stageVariables")},
    ),
    Recorded("connects", "open.route", "connect", {"headers": CLIENT, "multiValueHeaders": CLIENT} | AGENT),
    Recorded(
        "connects_checked",
        "closed.route",
        "connect-with-authorizer",
        {"headers": CLIENT, "multiValueHeaders": CLIENT, "queryStringParameters": CLIENT, "multiValueQueryStringParameters": CLIENT}
        | {f"requestContext.authorizer.{key}": "what the authorizer answers" for key in ("tenant_id", "key")}
        | AGENT,
    ),
    Recorded("leaves", "open.route", "disconnect"),
    Recorded("speaks", "open.route", "message"),
    Recorded(
        "decide",
        "closed.authorizer",
        "websocket-authorizer",
        {key: CLIENT for key in ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters")},
    ),
    Recorded("f", "token.rotates", "rotation"),
    Recorded("f", "tick.fires", "scheduler"),
    Recorded("f", "shop.matched", "bus", {"resources": "what the publisher names: nothing here"}),
    Recorded("edge", "site.viewer_request", "viewer-request", VIEWER),
    Recorded("edge", "site.origin_request", "origin-request", VIEWER),
    Recorded("edge", "site.origin_response", "origin-response", ANSWER),
    Recorded("edge", "site.viewer_response", "viewer-response", ANSWER),
    Recorded("sized", "site.viewer_request", "request-with-body", VIEWER),
    Recorded("f", "cold.restored", "restored"),
    Recorded("asked", "frozen.restored", "restore-asked"),
    Recorded("f", "sorted.messages", "fifo-messages"),
    Recorded("f", "heard.messages", "envelope", read=inside),
    Recorded("f", "sorted.messages", "fifo-envelope", read=inside),
    Recorded("web_jwt", "web.route", "http-jwt", SENT | {"requestContext.authorizer.jwt.claims": CLIENT}),
    Recorded("web_scopes", "web.route", "http-scopes", MUTUAL | {"requestContext.authorizer.jwt.claims": CLIENT}),
    Recorded("web_iam", "web.route", "http-signed", SENT),
    Recorded("web_function", "web.route", "http-function", MUTUAL | {"requestContext.authorizer.lambda": "what the authorizer answers"}),
    Recorded("decide", "web.authorizer", "http-authorizer", {"headers": CLIENT}),
    Recorded("web_old", "web.route", "http-format-1", OLD | {"pathParameters": "those of the route"}),
    Recorded("rest_none", "rest.route", "rest-plain", OLD),
    Recorded("rest_iam", "rest.route", "rest-signed", OLD),
    Recorded(
        "rest_function",
        "rest.route",
        "rest-function",
        OLD | {f"requestContext.authorizer.{key}": "what the authorizer answers" for key in ("tenantId", "key")},
    ),
    Recorded("rest_users", "rest.route", "rest-users", OLD | {"requestContext.authorizer.claims": CLIENT}),
    Recorded(
        "first",
        "alerts.published",
        "alarm",
        {key: LATER for key in ("AlarmConfigurationUpdatedTimestamp", "OKActions", "AlarmActions", "InsufficientDataActions")}
        | {"Trigger.Unit": "an alarm without a unit"},
        notice,
    ),
    Recorded("second", "second.invoke_async by first", "destination", {"requestPayload": "what the function was called with"}),
]

EXAMPLES = {"text": "", "number": 0, "boolean": False, "null": None, "record": {}}


def example(shape: Json) -> Json:
    """An event whose fields have the types of a shape."""
    if isinstance(shape, dict):
        return {key: example(value) for key, value in shape.items()}
    return [example(value) for value in shape] if isinstance(shape, list) else EXAMPLES[shape]


def main() -> int:
    events = read_json(HERE / "fixtures" / "events.json")
    wrong = [f"{name} is compared with nothing" for name in events.keys() - {one.event for one in RECORDED}]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.purlin").write_text(PROGRAM, encoding="utf-8")
        for one in RECORDED:
            ours = json.loads(purlin("event", one.declaration, folder, "--trigger", one.trigger))
            found = difference(one.read(ours), example(events[one.event]["event"]), one.differs, "the recorded event")
            wrong += [f"{one.declaration}, {one.trigger}: {text} ({events[one.event]['read']})" for text in found]
    if wrong:
        raise OracleFailure("\n".join(wrong))
    print(f"{len(RECORDED)} sample events have the fields of recorded or documented ones")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OracleFailure as failure:
        sys.exit(f"recorded: {failure}")
