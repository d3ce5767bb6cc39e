"""A function's handler, running under the Lambda runtime interface emulator with its role's own rights."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from common import TOOLS, VENV, Json, OracleFailure
from fake_aws import Server, free_port
from state import FunctionState, Statement

Invoke = Callable[[Json], Json]


def binary(folder: Path) -> Path:
    """The emulator for this machine, out of the aws-sam-cli package."""
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    packaged = TOOLS / "carried" / "samcli" / "local" / "rapid" / f"aws-lambda-rie-{machine}"
    path = folder / "rie"
    shutil.copy(packaged, path)
    path.chmod(0o755)
    return path


def credentials_of(server: Server, name: str, statements: list[Statement]) -> dict[str, str]:
    """Session credentials of a role with exactly these rights.

    The role is made anew through IAM: moto keeps the policies of a role that CloudFormation made in a
    form that its own enforcement cannot read.
    """
    iam = server.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allowed = [{"Effect": "Allow", "Action": list(s.actions), "Resource": list(s.resources)} for s in statements]
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_role_policy(RoleName=name, PolicyName="derived", PolicyDocument=document)
    given = server.client("sts").assume_role(RoleArn=role, RoleSessionName="handler")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


@contextmanager
def rights_enforced(server: Server) -> Iterator[None]:
    """Within the block moto refuses what a caller's policies do not allow (for SQS, resource by resource)."""
    server.post("/moto-api/reset-auth", b"0")
    try:
        yield
    finally:
        server.post("/moto-api/reset-auth", b"inf")


def environment(server: Server, function: FunctionState, credentials: dict[str, str]) -> dict[str, str]:
    """What Lambda would set: the function's own variables, and the runtime's."""
    settings = function.settings
    runtime = {
        "AWS_LAMBDA_FUNCTION_NAME": settings["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(settings["Timeout"]),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    }
    own = settings.get("Environment", {}).get("Variables", {})
    return server.environment() | credentials | runtime | own


@contextmanager
def running(server: Server, function: FunctionState, source: Path, scratch: Path) -> Iterator[Invoke]:
    """Starts the handler; gives a function that invokes it. Both end with the block."""
    credentials = credentials_of(server, f"{function.logical_id}-as-handler", function.statements)
    port, api_port = free_port(), free_port()
    log = scratch / f"{function.logical_id}.log"
    command = [str(binary(scratch)), "--log-level", "warn"]
    command += ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    command += ["--runtime-api-address", f"127.0.0.1:{api_port}"]
    command += [str(VENV / "python"), "-m", "awslambdaric", function.settings["Handler"]]
    with log.open("wb") as sink, rights_enforced(server):
        process = subprocess.Popen(
            command, cwd=source, env=environment(server, function, credentials), stdout=sink, stderr=sink,
            start_new_session=True,
        )
        try:
            yield lambda event: invoke(port, event, log)
        finally:
            os.killpg(process.pid, 15)
            process.wait(timeout=30)


def invoke(port: int, event: Json, log: Path) -> Json:
    """One invocation. The emulator needs a moment before its first one."""
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    deadline = time.monotonic() + 30
    while True:
        try:
            request = urllib.request.Request(url, data=json.dumps(event).encode(), method="POST")
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
            break
        except (urllib.error.URLError, ConnectionError) as error:
            if time.monotonic() > deadline:
                raise OracleFailure(f"the emulator does not answer: {error}\n{log.read_text()[-2000:]}") from error
            time.sleep(0.1)
    if isinstance(answer, dict) and "errorMessage" in answer:
        raise OracleFailure(f"the handler failed: {answer.get('errorType')}: {answer['errorMessage']}")
    return answer
