"""A headquarters of its own for the end-to-end tests: the product's commands, nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ZHONGSHU = [sys.executable, "-m", "zhongshu.config.entry"]
CONSOLE = Path(__file__).parents[2] / "console" / "dist"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclasses.dataclass
class Machine:
    """One ``var`` folder, and the commands that work on it."""

    var: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ZHONGSHU_", "DJANGO_"))
        }
        return kept | {
            "ZHONGSHU_VAR": str(self.var),
            "ZHONGSHU_PORT": str(self.port),
            "ZHONGSHU_CONSOLE": str(CONSOLE),
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, *command: str, check: bool = True) -> str:
        done = subprocess.run(
            [*ZHONGSHU, *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,  # other tests run beside it
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def secret(self, name: str) -> str:
        """A new one-time secret of a user."""
        return _secret(self.run("user", "secret", name))

    def add(self, name: str, post: str) -> str:
        return _secret(self.run("user", "add", name, "--post", post))

    @contextlib.contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """`zhongshu up` while the block runs; ended as Ctrl-C would."""
        log = (self.var / "up.log").open("wb")
        process = subprocess.Popen(
            [*ZHONGSHU, "up"], env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self.process = process
        try:
            wait_until(self.healthy, seconds=60, what="the web process answers")
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            log.close()

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2) as answer:
                return bool(json.load(answer)["ok"])
        except OSError:
            return False


def _secret(said: str) -> str:
    found = re.search(r"secret=([\w-]+)", said.replace("\n", ""))
    assert found, said
    return found.group(1)


def wait_until(holds: Callable[[], object], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


def children(process: subprocess.Popen[bytes], naming: str) -> list[int]:
    """Process ids below `process` whose command line names `naming`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if parent == process.pid and naming in command:
                found.append(int(entry.name))
    return found


class Client:
    """One signed-in person over HTTP."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self.call("GET", "/session")  # brings the CSRF cookie, as the console's first call does
        status, _ = self.call("POST", "/session", {"secret": secret})
        assert status == 204, status

    def call(
        self, method: str, path: str, body: object = None, *, key: str = ""
    ) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        token = next((one.value for one in self._cookies if one.name == "csrftoken"), None)
        if token:
            headers["X-CSRFToken"] = token
        if key:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(
            f"{self._url}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as refused:
            text = refused.read()
            return refused.code, json.loads(text) if text.startswith(b"{") else None

    def get(self, path: str) -> Any:
        status, found = self.call("GET", path)
        assert status == 200, (status, path, found)
        return found
