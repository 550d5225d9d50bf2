"""A Spark session of ours: opened, used, and ended with its Java process."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from zhongshu.kernel.errors import Refused

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

_OURS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    "spark.sql.autoBroadcastJoinThreshold": "32m",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@dataclasses.dataclass(frozen=True)
class Cluster:
    """Where Spark is.

    master: ``spark://host:7077``, ``yarn``, ``k8s://...``, or ``local[2]`` for trying.
    python: the interpreter on the executors; this package and its requirements are installed
        there in the same version.
    options: further settings of Spark, above those of its own ``spark-defaults.conf``.
    """

    master: str
    python: str = sys.executable
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)


@contextlib.contextmanager
def opened(cluster: Cluster) -> Iterator[SparkSession]:
    """A session for as long as the block lasts.  One at a time in a process.

    Refuses when PySpark or Java is missing and when the cluster does not answer.
    """
    try:
        import pyspark  # noqa: PLC0415 - optional
        from py4j.protocol import Py4JJavaError  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refused(
            "spark.not_installed",
            "Tracing on a cluster needs PySpark: install requirements/spark.txt beside the rest.",
            missing=error.name,
        ) from error
    builder = SparkSession.builder.appName("zhongshu").master(cluster.master)
    for name, value in {**_OURS, **cluster.options}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except pyspark.errors.PySparkRuntimeError as error:
        raise Refused(
            "spark.no_java", "Tracing on a cluster needs Java 17 or later on this machine."
        ) from error
    except Py4JJavaError as error:
        _end(pyspark.SparkContext)
        raise Refused(
            "spark.no_answer",
            f"The Spark cluster at {cluster.master} does not answer, or has no room for us.",
            master=cluster.master,
        ) from error
    session.sparkContext.pythonExec = cluster.python  # it would ask the environment
    try:
        yield session
    finally:
        session.stop()
        _end(pyspark.SparkContext)


def _end(context: type[SparkContext]) -> None:
    """End the Java process, which PySpark would keep until this program ends."""
    gateway = context._gateway
    if gateway is None:
        return
    gateway.shutdown()
    process = gateway.proc
    process.stdin.close()  # it ends when nobody can speak to it any more
    process.wait(timeout=30)
    context._gateway = context._jvm = None
