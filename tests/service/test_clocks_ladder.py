"""A clock climbs the ladder of the chain of command in force, and its kind keeps the steps it had.

The same files of an installation's own change what a map may show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules import reader
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.kit.actor import INTAKE

pytestmark = pytest.mark.django_db
ISSUED = b.NOW - 2 * b.HOUR
FILE = """
id: {id}
{kind}: {base}
suffix: local
edition: {{zh: 合成, en: Synthetic}}
effective_from: 2022-06-01
sources: []
{head}
figures:
  {figure}: {{value: {value}, mark: D}}
"""


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Path]:
    b.headquarters()
    reader.use_local(tmp_path)
    yield tmp_path
    reader.use_local(None)


def lay(folder: Path, base: str, figure: str, value: int, *, unit: str = "") -> None:
    """An amendment of one figure, or the overlay of a unit."""
    head = "transition: {retroactive: true, zh: 一并适用, en: For all, mark: D}"
    text = FILE.format(
        id=f"{base}-local",
        kind="overlays" if unit else "amends",
        base=base,
        head=f'jurisdiction: "{unit}"' if unit else head,
        figure=figure,
        value=value,
    )
    (folder / f"{base}-local.yaml").write_text(text, encoding="utf-8")
    assert [str(one) for one in reader.problems()] == []


def follow() -> None:
    """Two directives, one in each city, to be signed for within ten hours."""
    rows = [
        {
            "subject_id": number,
            "unit_path": b.path(village),
            "label": f"D{number}",
            "issued_at": ISSUED,
            "signed_at": None,
            "sign_due_at": ISSUED + 10 * b.HOUR,
        }
        for number, village in ((1, b.VILLAGE), (2, b.OTHER_VILLAGE))
    ]
    clocks.follow("directive", rows, actor=INTAKE, now=b.NOW)


def clock(number: int) -> clocks.Clock:
    return clocks.Clock.objects.get(subject_id=number, clock="directive-sign")


def percents(kind_id: int) -> list[float]:
    return [rung.pct for rung in clocks.rungs(kind_id)]


def reminded_after(number: int) -> dt.timedelta:
    found = clock(number)
    assert found.next_step == "remind"
    assert found.next_at is not None
    return found.next_at - ISSUED


def test_one_amended_figure_moves_what_runs_and_the_old_kind_keeps_its_steps(local: Path) -> None:
    follow()
    before = clock(1).kind_id
    assert (clock(1).pack_id, percents(before)) == ("chain-of-command", [50, 80, 100, 150])
    assert reminded_after(1) == 5 * b.HOUR
    lay(local, "chain-of-command", "directive.remind_pct", 40)
    follow()
    assert percents(clock(1).kind_id) == [40, 80, 100, 150]
    assert percents(before) == [50, 80, 100, 150]
    assert reminded_after(1) == 4 * b.HOUR


def test_a_clock_of_another_pack_climbs_the_same_ladder(local: Path) -> None:
    lay(local, "chain-of-command", "directive.remind_pct", 40)
    case = {
        "subject_id": 1,
        "unit_path": b.path(b.VILLAGE),
        "confirmed_at": ISSUED,
        "reported_at": None,
    }
    clocks.follow("case", [case], actor=INTAKE, now=b.NOW)
    found = clocks.Clock.objects.get(clock="case-report")
    assert found.pack_id.startswith("cn-covid")
    assert percents(found.kind_id) == [40, 80, 100, 150]


def test_a_city_that_is_reminded_earlier_leaves_the_other_as_it_is(local: Path) -> None:
    lay(local, "chain-of-command", "directive.remind_pct", 30, unit=b.CITY)
    follow()
    assert (reminded_after(1), reminded_after(2)) == (3 * b.HOUR, 5 * b.HOUR)
    assert clock(1).kind_id != clock(2).kind_id


def test_a_pack_is_shown_with_the_steps_it_takes_from_the_chain_of_command(local: Path) -> None:
    lay(local, "chain-of-command", "directive.remind_pct", 30, unit=b.CITY)
    client = scenes.signed_in((b.CITY, "epidemiologist"))
    (one,) = scenes.get(client, "/packs/cn-covid-9").json()["escalations"]
    assert (one["pack_id"], one["id"]) == ("chain-of-command", "standard")
    assert [step["at_pct"]["value"] for step in one["steps"]] == [30, 80, 100, 150]
    (own,) = scenes.get(client, "/packs/chain-of-command").json()["escalations"]
    assert own == one


def test_a_city_may_have_larger_counts_of_its_own_hidden(local: Path) -> None:
    scenes.two_cities()
    b.take_cases(*(b.case_row(n, b.OTHER_VILLAGE) for n in range(60, 64)))
    client = scenes.signed_in((b.CITY, "commander"))

    def hidden() -> bool:
        layers = scenes.get(client, "/map/layers").json()["layers"]
        return bool(next(one for one in layers if one["key"] == "cases")["suppressed"])

    assert not hidden()
    lay(local, "retention", "publish.suppress_below", 6, unit=b.OTHER_CITY)
    assert hidden()
