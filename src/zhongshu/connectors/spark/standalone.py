"""Spark's own cluster manager on this machine: a master and workers on loopback, for tests,
benchmarks and trying.  On several machines, start the same two classes there (how-to).
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from zhongshu.kernel.errors import Refused

HOST = "127.0.0.1"
_JAVA = ("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LOOK_S = 0.1


class Daemon(NamedTuple):
    process: subprocess.Popen[bytes]
    log: Path


@contextlib.contextmanager
def running(
    folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "512m", start_s: float = 120
) -> Iterator[str]:
    """The master's address, ``spark://127.0.0.1:port``, while the block lasts.

    folder: for logs and the workers' files; memory, cores: of each worker, for its executors.
    Every process is ended with the block.  Refuses when PySpark or Java is missing, and when
    the daemons are not there in `start_s` seconds.
    """
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise Refused(
            "spark.not_installed", "A Spark cluster needs PySpark: install requirements/spark.txt."
        )
    home = Path(found.origin).parent
    with contextlib.ExitStack() as stack:
        where = ("--host", HOST, "--port", "0", "--webui-port", "0")
        begin = _daemon(stack, home, folder / "master.log", "master.Master", *where)
        master = _said(begin, rf"Starting Spark master at (spark://{HOST}:\d+)", start_s)
        size = ("--cores", str(cores), "--memory", memory)
        begun = [
            _daemon(
                stack, home, folder / f"worker-{n}.log", "worker.Worker",
                *where, *size, "--work-dir", str(folder / f"worker-{n}"), master,
            )
            for n in range(workers)
        ]  # fmt: skip
        for each in begun:
            _said(each, "(Successfully registered with master)", start_s)
        yield master


def _daemon(
    stack: contextlib.ExitStack, home: Path, log: Path, name: str, *arguments: str
) -> Daemon:
    """One daemon, its words in `log`.  It is ended with `stack`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    scala = re.search(r"scala-library-(\d+\.\d+)", " ".join(map(str, home.glob("jars/scala-*"))))
    environment = (  # what Spark's own scripts would set
        f"SPARK_HOME={home}",
        f"SPARK_SCALA_VERSION={scala[1] if scala else ''}",
        f"SPARK_LOCAL_IP={HOST}",
        f"SPARK_PUBLIC_DNS={HOST}",
    )
    java = (_java(), *_JAVA, "-cp", f"{home / 'jars'}/*", f"org.apache.spark.deploy.{name}")
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*_tied(), "/usr/bin/env", *environment, *java, *arguments],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=log.parent,
        )  # fmt: skip
    stack.callback(_end, process)
    return Daemon(process, log)


def _tied() -> tuple[str, ...]:
    """A prefix by which a daemon ends with us even when we are killed; where Linux has it."""
    found = shutil.which("setpriv")
    return (found, "--pdeathsig", "TERM") if found else ()


def _java() -> str:
    found = shutil.which("java")
    if found is None:
        raise Refused("spark.no_java", "A Spark cluster needs Java 17 or later on this machine.")
    return found


def _said(daemon: Daemon, pattern: str, within_s: float) -> str:
    """The first group of what a daemon writes once it is there."""
    for _ in range(round(within_s / _LOOK_S)):
        match = re.search(pattern, daemon.log.read_text("utf-8", errors="replace"))
        if match:
            return match[1]
        if daemon.process.poll() is not None:
            break
        time.sleep(_LOOK_S)
    raise Refused(
        "spark.not_started",
        f"A daemon of the Spark cluster did not come up; see {daemon.log}.",
        log=str(daemon.log),
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()  # a worker ends its executors
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
