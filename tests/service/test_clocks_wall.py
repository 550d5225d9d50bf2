"""The wall's numbers are the lengths of its lists, now and at a past moment, for each scope."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.service import builders as b
from tests.service.clock_packs import lab
from zhongshu.rules.model import Pack
from zhongshu.service.clocks import counters, rulebook
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.kit.actor import INTAKE
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
THEN = clocks.Then.of(b.NOW, now=b.NOW)
# Hours until due, and where: two villages and the other city.
SPREAD = [
    (1, -30.0, b.VILLAGE),
    (2, -1 / 60, b.VILLAGE),
    (3, 0.0, b.VILLAGE_2),
    (4, 0.99, b.VILLAGE),
    (5, 1.0, b.VILLAGE),
    (6, 3.99, b.VILLAGE_2),
    (7, 4.0, b.OTHER_VILLAGE),
    (8, 23.99, b.VILLAGE),
    (9, 24.0, b.VILLAGE),
    (10, 500.0, b.OTHER_VILLAGE),
]
COUNTS = {"overdue": 2, "h1": 2, "h4": 2, "h24": 2, "later": 2}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    b.headquarters()
    return lab(tmp_path / "lab")


def directive(number: int, due_h: float, unit: str, **facts: Any) -> dict[str, Any]:
    due = b.NOW + due_h * b.HOUR
    return {
        "subject_id": number, "unit_path": b.path(unit), "label": f"2022-{number:06d}",
        "issued_at": min(b.NOW, due) - b.DAY, "sign_due_at": due, "signed_at": None,
        "known_at": min(b.NOW, due) - b.DAY,
    } | facts  # fmt: skip


def follow(pack: Pack, *rows: dict[str, Any], now: dt.datetime = b.NOW) -> None:
    clocks.follow("directive", rows, actor=INTAKE, now=now, packs=rulebook.of(pack))


def spread(pack: Pack) -> None:
    follow(pack, *(directive(*one) for one in SPREAD))


def wall(code: str, then: clocks.Then = THEN) -> clocks.Wall:
    return clocks.wall(units.ref(units.get(code)), b.scope(code), then)


def test_each_clock_is_in_one_bucket(pack: Pack) -> None:
    spread(pack)
    assert wall(b.PROVINCE).totals == COUNTS


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("code", [b.PROVINCE, b.CITY, b.COUNTY, b.TOWNSHIP, b.VILLAGE])
def test_every_number_is_the_length_of_its_list(pack: Pack, code: str, folded: bool) -> None:
    spread(pack)
    follow(pack, directive(20, 2.0, code), directive(21, -2.0, code))  # the unit's own
    if folded:
        counters.fold()
    found, scope = wall(code), b.scope(code)
    owners = [(one.unit["path"], one.below, one.counts) for one in found.owners]
    for bucket in clocks.BUCKETS:
        rows = clocks.listed(scope=scope, then=THEN, bucket=bucket)
        assert rows.count() == found.totals[bucket]
        for path, below, counts in owners:
            mine = clocks.listed(scope=scope, then=THEN, bucket=bucket, owner=(path, below))
            assert mine.count() == counts[bucket]
        assert sum(counts[bucket] for *_, counts in owners) == found.totals[bucket]
        assert sum(kind.counts[bucket] for kind in found.kinds) == found.totals[bucket]
    assert owners[0][:2] == (b.path(code), False)
    assert owners[0][2]["overdue"] >= 1


def test_what_was_done_leaves_the_wall_at_once(pack: Pack) -> None:
    spread(pack)
    counters.fold()
    follow(pack, directive(1, -30.0, b.VILLAGE, signed_at=b.NOW))
    assert wall(b.PROVINCE).totals["overdue"] == 1
    follow(pack, directive(2, 3.0, b.VILLAGE))  # its due time was corrected
    assert wall(b.PROVINCE).totals == {**COUNTS, "overdue": 0, "h4": 3}


def test_what_ends_by_itself_is_never_overdue(pack: Pack) -> None:
    rows = [{"subject_id": 1, "unit_path": b.path(b.VILLAGE), "last_exposure": b.NOW}]
    clocks.follow("contact", rows, actor=INTAKE, now=b.NOW, packs=rulebook.of(pack))
    assert wall(b.PROVINCE).totals["later"] == 1
    later = clocks.Then.of(b.NOW + 9 * b.DAY, now=b.NOW + 9 * b.DAY)
    for folded in (False, True):
        if folded:
            counters.fold()
        assert sum(wall(b.PROVINCE, later).totals.values()) == 0
        assert sum(wall(b.COUNTY, later).totals.values()) == 0
    assert not clocks.listed(scope=b.scope(), then=later, state="overdue").exists()


def test_the_wall_of_a_past_moment_is_what_stood_on_it_then(pack: Pack) -> None:
    spread(pack)
    counters.fold()
    evening = b.NOW + 12 * b.HOUR
    follow(
        pack,
        directive(1, -30.0, b.VILLAGE, signed_at=evening, known_at=evening),
        directive(11, 2.0, b.VILLAGE, known_at=evening),
        now=evening,
    )
    clocks.waive(
        clock_id=clocks.Clock.objects.get(subject_id=2).pk, reason="duplicate", note="x",
        scope=b.scope(), actor=b.actor(), now=evening,
    )  # fmt: skip
    past = clocks.Then.of(b.NOW, now=evening)
    assert past.past
    assert wall(b.PROVINCE, past).totals == COUNTS
    assert wall(b.COUNTY, past).totals == {**COUNTS, "h24": 1, "later": 1}
    states = {
        row.subject_id: clocks.state_then(row, past)
        for row in clocks.listed(scope=b.scope(), then=past)
    }
    assert states == {n: "overdue" if due < 0 else "running" for n, due, _ in SPREAD}
    now = clocks.Then.of(evening, now=evening)
    assert clocks.listed(scope=b.scope(), then=now, state="met_late").count() == 1
    assert clocks.listed(scope=b.scope(), then=now, state="waived").count() == 1


def test_a_scope_below_the_database_role_sees_its_own_wall_alone(pack: Pack) -> None:
    spread(pack)
    for fold in (counters.fold, lambda: 0):
        fold()
        with rowsecurity.scoped(b.scope(b.CITY)):
            assert wall(b.CITY).totals == {**COUNTS, "h24": 1, "later": 1}
            assert clocks.Clock.objects.count() == 8
        with rowsecurity.scoped(b.scope(b.COUNTY)):
            assert wall(b.COUNTY).totals == {**COUNTS, "h24": 1, "later": 1}
        follow(pack, directive(1, -40.0, b.VILLAGE))


def test_the_wall_moves_by_the_minute(pack: Pack) -> None:
    follow(pack, directive(1, 0.0, b.VILLAGE))
    for seconds, overdue in ((0, 0), (59, 0), (60, 1)):
        now = b.NOW + dt.timedelta(seconds=seconds)
        then = clocks.Then.of(now, now=now)
        assert then.at == now.replace(second=0)
        assert wall(b.PROVINCE, then).totals["overdue"] == overdue
        assert clocks.listed(scope=b.scope(), then=then, bucket="overdue").count() == overdue


def test_kinds_of_several_versions_are_one_line_with_the_newest_words(
    pack: Pack, tmp_path: Path
) -> None:
    follow(pack, directive(1, 2.0, b.VILLAGE))
    newer = lab(tmp_path / "newer", change=("zh: 签收, en: Sign", "zh: 签收二, en: Sign two"))
    follow(newer, directive(2, 2.0, b.VILLAGE))
    (kind,) = wall(b.PROVINCE).kinds
    assert (kind.kind.name["en"], kind.counts["h4"]) == ("Sign two", 2)
