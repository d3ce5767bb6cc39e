"""Stores orders from the queue in the ledger, through the database proxy.

The zip also holds pg8000, a PostgreSQL driver in pure Python. The proxy wants no password: a token
that the function's own role signs is the login.
"""

import json
import os

import boto3

PORT = 5432
USER = "app"
INSERT = "insert into orders (id, item, count) values (:id, :item, :count) on conflict (id) do nothing"


def handler(event, context):
    """Stores each message; the ones that fail, and only those, go back to the queue."""
    connection = connect(os.environ["DB_HOST"])
    try:
        failures = [
            {"itemIdentifier": record["messageId"]}
            for record in event["Records"]
            if not store(connection, record)
        ]
    finally:
        connection.close()
    return {"batchItemFailures": failures}


def connect(host):
    """A connection that logs in with a token of this function's role."""
    import pg8000.native

    token = boto3.client("rds").generate_db_auth_token(DBHostname=host, Port=PORT, DBUsername=USER)
    return pg8000.native.Connection(
        user=USER, password=token, host=host, port=PORT, database="postgres", ssl_context=True
    )


def store(connection, record):
    """Writes one order. The same order twice is one row: a queue may deliver a message again."""
    try:
        order = json.loads(record["body"])
        connection.run(INSERT, id=order["id"], item=order["item"], count=order["count"])
    except Exception as error:  # one bad message must not bring back its whole batch
        print(json.dumps({"level": "ERROR", "message": record["messageId"], "error": str(error)}))
        return False
    return True
