"""A moto server for the length of a `with` block, and clients that reach it and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import boto3
from botocore.config import Config

from common import VENV, OracleFailure

REGION = "us-east-1"
ACCOUNT = "123456789012"  # the account that moto plays


@dataclass(frozen=True)
class Server:
    """A running moto server."""

    url: str
    log: Path

    def environment(self) -> dict[str, str]:
        """Variables under which the AWS CLI and any SDK reach this server, and no real account."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        return kept | {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }

    def client(self, service: str, credentials: dict[str, str] | None = None) -> Any:
        keys = credentials or {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        retries = Config(retries={"max_attempts": 1}, read_timeout=30)
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, config=retries, **keys)

    def reset(self) -> None:
        self.post("/moto-api/reset")

    def post(self, path: str, body: bytes = b"") -> None:
        plain = {"Content-Type": "text/plain"}  # a form would be parsed away before moto sees the body
        request = urllib.request.Request(self.url + path, data=body, headers=plain, method="POST")
        urllib.request.urlopen(request, timeout=30).close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url + "/moto-api/", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise OracleFailure(f"moto_server did not answer; its log says:\n{log.read_text()[-2000:]}")


@contextmanager
def moto_server(folder: Path) -> Iterator[Server]:
    """Starts moto on a free loopback port; whatever happens, it is stopped again.

    The address is written `localhost`: moto finds a template that the CLI uploaded to S3
    (anything above 51,200 bytes) only under that name.
    """
    port, log = free_port(), folder / "moto.log"
    with log.open("wb") as sink:
        command = [str(VENV / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
        try:
            server = Server(f"http://localhost:{port}", log)
            wait_until_it_answers(server.url, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)
