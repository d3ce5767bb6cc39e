"""Takes an order over HTTP, checks that it can be stored, and puts it on the queue."""

import base64
import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    """Answers `POST /orders`: 202 with the order's id, or 400 with what is wrong with it."""
    try:
        order = read_order(event)
    except ValueError as error:
        return answer(400, {"error": str(error)})
    order["id"] = context.aws_request_id
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(order))
    return answer(202, {"id": order["id"]})


def read_order(event):
    """The order in the request's body."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8")
    order = json.loads(body)
    if not isinstance(order, dict) or not order.get("item"):
        raise ValueError("an order names its item")
    if not isinstance(order.get("count"), int) or order["count"] < 1:
        raise ValueError("an order says how many, at least 1")
    return {"item": order["item"], "count": order["count"]}


def answer(status, body):
    """The response in the shape that an HTTP API expects."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
