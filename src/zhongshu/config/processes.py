"""The processes of one machine: web and worker, kept running until interrupted."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from zhongshu.config.environment import Environment

_RESTART_PAUSE_S = 1.0
_STOP_GRACE_S = 10.0


@dataclasses.dataclass
class _Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # A process group of its own: Ctrl-C reaches us alone and we stop the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603

    def ended(self) -> int | None:
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _children(environment: Environment) -> list[_Child]:
    web = [
        *(sys.executable, "-m", "granian", "zhongshu.config.wsgi:application"),
        *("--interface", "wsgi", "--host", environment.host, "--port", str(environment.port)),
        *("--blocking-threads", str(2 * (os.cpu_count() or 1)), "--log-level", "warning"),
    ]
    worker = [sys.executable, "-m", "zhongshu.config.entry", "worker"]
    return [_Child("web", web), _Child("worker", worker)]


def compile_kernels() -> subprocess.Popen[bytes]:
    """Compile what is compiled on first use, beside everything else; it ends by itself."""
    command = [sys.executable, "-m", "zhongshu.config.kernels"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603


def run(environment: Environment, say: Callable[[str], None]) -> int:
    """Start web and worker, restart one that dies, stop both on SIGINT or SIGTERM; exit code 0."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    children = _children(environment)
    kernels = compile_kernels()
    try:
        for child in children:
            child.start()
        while not stop.wait(_RESTART_PAUSE_S):
            for child in children:
                if (code := child.ended()) is not None:
                    say(f"{child.name} ended with code {code}; starting it again")
                    child.start()
    finally:
        for child in reversed(children):
            child.stop()
        kernels.kill()
        kernels.wait()
    return 0
