"""Kill -9 of the worker in a cycle and of the web process in a decision: nothing is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from typing import Any

from tests.e2e.machine import Client, Machine, children, wait_until

DEMONSTRATION = "2022-11-08T12:00:00Z"


def _run(client: Client) -> dict[str, Any] | None:
    """The newest run, when it is not the demonstration's own."""
    newest = client.get("/runs")["items"][0]
    return newest if newest["as_of"] != DEMONSTRATION else None


def test_a_cycle_whose_worker_is_killed_is_finished_after_the_restart(served: Machine) -> None:
    """`served` runs `zhongshu up`: it starts the worker again by itself."""
    client = Client(served.url, served.add("epidemiologist", "140000000000:duty_officer"))
    up = _supervisor(served)
    before = children(up, "worker")
    status, told = client.call("POST", "/runs", {}, key="kill-the-worker")  # as of now
    assert status in (200, 202), told
    wait_until(
        lambda: (run := _run(client)) and any(step["state"] == "done" for step in run["steps"]),
        seconds=60,
        what="the first step of the run is done",
    )
    run = _run(client)
    assert run is not None
    assert run["state"] == "running", "the run ended before it could be cut off"
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(
        lambda: (run := _run(client)) and run["state"] == "done",
        seconds=120,
        what="the run cut off is done",
    )
    after = children(up, "worker")
    assert after
    assert set(after).isdisjoint(before)
    run = _run(client)
    assert run is not None
    assert all(step["state"] == "done" for step in run["steps"])


def test_no_acknowledged_decision_is_lost_when_the_web_process_is_killed(served: Machine) -> None:
    client = Client(served.url, served.secret("commander"))
    up = _supervisor(served)
    acknowledged: dict[int, Any] = {}
    waiting = client.get("/proposals?state=waiting&limit=40")["items"]
    numbers = [one["id"] for one in waiting if one["kind"] in ("isolate", "signal", "notice")][:6]
    assert len(numbers) >= 3, waiting
    for turn, number in enumerate(numbers):
        attempt = threading.Thread(target=_approve, args=(client, number, acknowledged))
        attempt.start()
        time.sleep(0.004 * turn * turn)  # from before the request arrives to after the answer
        for pid in children(up, "granian"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        attempt.join()
        wait_until(served.healthy, seconds=60, what="the web process is back")
    for number in numbers:
        first = acknowledged.get(number)
        again = _approve(client, number, acknowledged)
        assert again is not None, f"proposal {number} cannot be decided after the kill"
        if first is not None:
            assert again == first, "an acknowledged decision changed"
        shown = client.get(f"/proposals/{number}")
        assert shown["state"] == "approved"
        assert shown["decision"]["id"] == again["decision"]["id"]
        issued = [one["id"] for one in again["directives"]]
        assert issued
        assert len(set(issued)) == len(issued)
        for directive in issued:
            assert client.get(f"/directives/{directive}")["proposal_id"] == number
    assert "whole" in served.run("audit", "verify")


def _approve(client: Client, number: int, acknowledged: dict[int, Any]) -> Any:
    with contextlib.suppress(OSError, EOFError):
        status, told = client.call(
            "POST",
            f"/proposals/{number}/decision",
            {"verdict": "approve", "reason": ""},
            key=f"kill-the-web-{number}",
        )
        if status == 200:
            acknowledged.setdefault(number, told)
            return told
    return None


def _supervisor(machine: Machine) -> Any:
    assert machine.process is not None
    return machine.process
