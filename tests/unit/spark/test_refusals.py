"""What a cluster that is not there says."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from zhongshu.config import cluster, environment
from zhongshu.connectors.spark import session, standalone
from zhongshu.kernel.errors import Refused

HERE = environment.read()


def test_without_a_setting_there_is_no_cluster() -> None:
    with pytest.raises(Refused, match="ZHONGSHU_SPARK") as refusal:
        cluster.of(dataclasses.replace(HERE, spark=None))
    assert refusal.value.code == "spark.not_set"


def test_a_setting_names_the_cluster_and_the_python_of_its_executors() -> None:
    there = dataclasses.replace(HERE, spark="spark://master:7077", spark_python="/opt/z/python")
    assert cluster.of(there) == session.Cluster("spark://master:7077", python="/opt/z/python")


def test_without_pyspark_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(Refused, match=r"requirements/spark\.txt") as refusal:
        session.opened(session.Cluster("local[1]")).__enter__()
    assert refusal.value.code == "spark.not_installed"
    monkeypatch.setattr(standalone.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Refused) as refusal:
        standalone.running(tmp_path).__enter__()
    assert refusal.value.code == "spark.not_installed"


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_java(builder: object) -> None:
        raise PySparkRuntimeError(errorClass="JAVA_GATEWAY_EXITED", messageParameters={})

    monkeypatch.setattr(standalone.shutil, "which", lambda name: None)
    monkeypatch.setattr(SparkSession.Builder, "getOrCreate", no_java)
    for asked in (standalone.running(tmp_path), session.opened(session.Cluster("local[1]"))):
        with pytest.raises(Refused, match="Java 17") as refusal:
            asked.__enter__()
        assert refusal.value.code == "spark.no_java"


def test_a_daemon_that_does_not_come_up_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(standalone, "_java", lambda: "/bin/false")
    with pytest.raises(Refused, match=r"master\.log") as refusal:
        standalone.running(tmp_path).__enter__()
    assert refusal.value.code == "spark.not_started"
