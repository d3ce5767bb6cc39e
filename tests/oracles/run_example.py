"""Stage 3: the order-intake example's code really runs, with what the compiler's template gives it.

The stack is deployed to moto; the handler then runs under Lambda's runtime interface emulator with the
environment variables read back from the deployed function, and with the rights of its role and no
others: moto refuses every call that the derived policy does not allow. What counts is the effect.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from pathlib import Path

from common import ROOT, Json, OracleFailure, Template, build, run_stage
from deploy import ARTIFACTS, deploy_stack
from emulator import Invoke, running
from fake_aws import Server, moto_server
from state import FunctionState

EXAMPLE = ROOT / "examples" / "orders"
HANDLER = "take.handler"
QUEUE = "Intake"  # the logical id of the queue that the source says the handler may send to


def http_event(body: str, encoded: bool = False) -> Json:
    """`POST /orders`, as an HTTP API hands it to a function (payload format 2.0)."""
    return {
        "version": "2.0",
        "routeKey": "POST /orders",
        "rawPath": "/orders",
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/orders"}, "stage": "$default"},
        "body": base64.b64encode(body.encode()).decode() if encoded else body,
        "isBase64Encoded": encoded,
    }


def expect(what: str, found: Json, wanted: Json) -> None:
    if found != wanted:
        raise OracleFailure(f"{what}: {found!r} instead of {wanted!r}")


def stop_consumers(server: Server) -> None:
    """Takes the pollers off the queues: moto would hand a message on at once, and run docker for it."""
    client = server.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.delete_event_source_mapping(UUID=mapping["UUID"])


def messages(server: Server, queue_url: str) -> list[Json]:
    sqs = server.client("sqs")
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
    for message in received:
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in received]


def accepted(invoke: Invoke, event: Json) -> Json:
    """An order that must be accepted; gives what must then stand in the queue."""
    answer = invoke(event)
    expect("the status of a good order", answer["statusCode"], 202)
    return {"item": "nail", "count": 12, "id": json.loads(answer["body"])["id"]}


def exercise(server: Server, function: FunctionState, queue_url: str, source: Path, scratch: Path) -> None:
    """Two good orders reach the queue, a bad one is refused and does not."""
    order = json.dumps({"item": "nail", "count": 12})
    with running(server, function, source, scratch) as invoke:
        first = accepted(invoke, http_event(order))
        second = accepted(invoke, http_event(order, encoded=True))
        refused = invoke(http_event('{"item": "nail", "count": 0}'))
    expect("the status of an order for none", refused["statusCode"], 400)
    found = messages(server, queue_url)
    wanted = [first, second]
    expect("the messages in the queue", sorted(found, key=str), sorted(wanted, key=str))


def run_handler(stack: str, template: Template, handler: str = HANDLER, source: Path = EXAMPLE / "src") -> None:
    """Deploys the template and exercises the function that has this handler."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with moto_server(scratch) as server:
            server.client("s3").create_bucket(Bucket=ARTIFACTS)
            state = deploy_stack(server, stack, template)
            chosen = [f for f in state.functions.values() if f.settings["Handler"] == handler]
            expect(f"the number of functions with the handler {handler}", len(chosen), 1)
            stop_consumers(server)
            exercise(server, chosen[0], state.physical[QUEUE], source, scratch)


def main() -> None:
    application = build(EXAMPLE)
    for stack in application.templates:
        template = application.template(stack)
        run_handler(stack, template)
        print(f"{application.name}/{stack}: {HANDLER} ran with its role's rights; the orders are in the queue", flush=True)


if __name__ == "__main__":
    sys.exit(run_stage(main))
