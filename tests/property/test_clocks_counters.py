"""Whatever happens to clocks, and whenever it is folded, the wall is what a recount says."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import shutil
import tempfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.service import builders as b
from tests.service.clock_packs import lab

from zhongshu.rules.model import Pack
from zhongshu.service.clocks import counters, rulebook
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.kit.actor import INTAKE
from zhongshu.service.units import facade as units

pytestmark = pytest.mark.django_db
PLACES = (b.PROVINCE, b.CITY, b.COUNTY, b.TOWNSHIP, b.VILLAGE, b.VILLAGE_2, b.OTHER_VILLAGE)
MINUTES = st.integers(-60 * 30, 60 * 30) | st.sampled_from([-1, 0, 1, 59, 60, 61, 239, 240, 1440])
DIRECTIVE = st.tuples(st.integers(1, 8), st.sampled_from(PLACES), MINUTES, st.booleans())
CONTACT = st.tuples(st.integers(1, 4), st.sampled_from(PLACES), st.integers(-6, 2))
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("directive"), DIRECTIVE),
        st.tuples(st.just("contact"), CONTACT),
        st.tuples(st.just("waive"), st.integers(0, 8)),
        st.tuples(st.just("fold"), st.integers(1, 3)),
        st.tuples(st.just("sweep"), st.integers(-60, 60 * 48)),
    ),
    min_size=1,
    max_size=12,
)


@functools.cache
def pack() -> Pack:
    home = Path(tempfile.mkdtemp(prefix="zhongshu-clocks-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return lab(home)


def act(what: str, given_: object) -> None:
    book = rulebook.of(pack())
    if what == "directive":
        number, place, minutes, signed = given_  # type: ignore[misc]
        due = b.NOW + dt.timedelta(minutes=minutes, seconds=number)
        row = {
            "subject_id": number, "unit_path": b.path(place), "issued_at": b.NOW - 3 * b.DAY,
            "sign_due_at": due, "signed_at": b.NOW if signed else None,
        }  # fmt: skip
        clocks.follow("directive", [row], actor=INTAKE, now=b.NOW, packs=book)
    elif what == "contact":
        number, place, days = given_  # type: ignore[misc]
        row = {"subject_id": number, "unit_path": b.path(place),
               "last_exposure": b.NOW + days * b.DAY}  # fmt: skip
        clocks.follow("contact", [row], actor=INTAKE, now=b.NOW, packs=book)
    elif what == "waive":
        running = clocks.Clock.objects.filter(state="running").order_by("id")
        for clock in running[given_ : given_ + 1]:  # type: ignore[operator,misc]
            clocks.waive(
                clock_id=clock.pk, reason="duplicate", note="x", scope=b.scope(),
                actor=b.actor(), now=b.NOW,
            )  # fmt: skip
    elif what == "fold":
        counters._fold_batch(given_)  # type: ignore[arg-type]
    else:
        clocks.sweep(now=b.NOW + dt.timedelta(minutes=given_))  # type: ignore[arg-type]


def recount(code: str, below: bool, then: clocks.Then, clock: str = "") -> dict[str, int]:
    """The slow twin: every clock looked at, one by one."""
    path = b.path(code)
    counts = dict.fromkeys(clocks.BUCKETS, 0)
    edges = [then.at + dt.timedelta(hours=h) for h in (0, 1, 4, 24)]
    for one in clocks.Clock.objects.all():
        assert (one.state == "running") == (one.ended_at is None and one.waived_at is None)
        mine = one.unit_path.startswith(path) if below else one.unit_path == path
        bucket = sum(one.due_at >= edge for edge in edges)
        late = one.ends_itself and bucket == 0
        if mine and one.state == "running" and not late and clock in ("", one.clock):
            counts[clocks.BUCKETS[bucket]] += 1
    return counts


@given(acts=ACTS, minutes=st.integers(-120, 120))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_wall_equals_a_recount(acts: list[tuple[str, object]], minutes: int) -> None:
    with transaction.atomic():
        b.headquarters()
        for what, given_ in acts:
            act(what, given_)
        now = b.NOW + dt.timedelta(minutes=minutes, seconds=30)
        then = clocks.Then.of(now, now=now)
        for code in (b.PROVINCE, b.CITY, b.COUNTY, b.TOWNSHIP):
            found = clocks.wall(units.ref(units.get(code)), b.scope(code), then)
            assert found.totals == recount(code, True, then)
            for owner in found.owners:
                assert owner.counts == recount(owner.unit["code"], owner.below, then)
            for kind in found.kinds:
                assert kind.counts == recount(code, True, then, kind.kind.clock)
        transaction.set_rollback(True)
