"""The cluster this installation traces on, if it has one."""

from __future__ import annotations

from zhongshu.config.environment import Environment
from zhongshu.connectors.spark.session import Cluster
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
