"""The weekly self-test of warning, with the detector of the daily run."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.reference import read as reference
from zhongshu.rules import judge, sure
from zhongshu.service.findings import facade as findings
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.periods.cycle import detect, editions
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.words import say
from zhongshu.service.signals import facade as signals

KIND = findings.Finding.Kind.SELFTEST_MISSED
_RULE = "SELF-D"
_NO_RUN = 0


def run(*, lake: Lake, seed: int, now: dt.datetime, actor: Actor = CYCLE) -> list[signals.SelfTest]:
    """Do the self-tests of the headquarters' week, once; none where the edition in force does
    not warn.

    What is missed is a red finding until the tests of a later week are done.  Refuses while no
    county has reported long enough.
    """
    done = signals.selftests_of_week(now)
    if done:
        return done
    frame = _frame(lake, seed, now)
    if editions.without("detect", frame.pack):
        return []
    with transaction.atomic():
        made = signals.run_selftests(
            series=detect.series_of(frame),
            detect=detect.detector(frame),
            now=now,
            seed=seed,
            actor=actor,
        )
        missed = [_found(frame, one) for one in made if one.found_after_days is None]
        findings.take(found=missed, kinds=[KIND], run_id=_NO_RUN, as_of=now, actor=actor)
    return made


def _frame(lake: Lake, seed: int, now: dt.datetime) -> Frame:
    """What the daily run would look at now; it is no run and has no number."""
    incident = incidents.current()
    tree = reference.divisions(incident.scope_unit_id)
    path = tree.get(incident.scope_unit_id).path
    return Frame(
        run_id=_NO_RUN,
        as_of=now,
        pack=editions.in_force(incident, on=beijing_day(now), path=path),
        lake=lake,
        tree=tree,
        scope_unit=incident.scope_unit_id,
        seed=seed,
        inputs_hash="",
    )


def _found(frame: Frame, one: signals.SelfTest) -> findings.Found:
    pack = frame.other("signals")
    facts = {
        "start": one.start.isoformat(),
        "days": one.days,
        "size": one.size,
        "streams": one.streams,
        "synthetic": True,
    }
    judged = judge.of_words(pack, _RULE, facts=facts)
    return findings.Found(
        kind=KIND.value,
        subject=("selftest", str(one.pk)),
        label=say("finding.label.selftest"),
        text=say("finding.selftest", start=one.start, days=one.days, size=one.size),
        unit=one.unit_id,
        rule_id=judged.rule_id,
        verified=sure.judged(pack, judged),
        pack_version=pack.version,
        since=one.start,
        facts=judge.plain(facts),
        judgement=judged.stored(),
    )
