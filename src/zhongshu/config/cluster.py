"""The cluster this installation traces on, if it has one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.config.environment import Environment, read
from zhongshu.connectors.spark.session import Cluster
from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import Refused


def of(environment: Environment) -> Cluster:
    """Refuses when no cluster is set."""
    if environment.spark is None:
        raise Refused(
            "spark.not_set",
            "No cluster is set: name it in ZHONGSHU_SPARK, e.g. spark://host:7077, or trace with "
            "the engine of this machine.",
        )
    return Cluster(environment.spark, python=environment.spark_python)


def trace(cases: pa.Table, *, until: dt.datetime, **rest: Any) -> model.TraceResult:
    """`connectors.spark.tracing.trace_lake` on the cluster of this installation.

    What the setting ``ZHONGSHU_TRACE_CLUSTER`` names.  Refuses when no cluster is set.
    """
    environment = read()
    cluster = of(environment)
    from zhongshu.connectors.spark import tracing  # noqa: PLC0415 - a cluster is optional

    lake = environment.spark_lake
    return tracing.trace_lake(cases, cluster=cluster, lake=lake, until=until, **rest)
