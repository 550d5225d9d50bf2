"""What a pack says of one subject's facts, in a form that can be kept and done again.

    judgement = judge(pack, "HC-3", {"degree": 1, "now": moment})
    judgement.held, judgement.outcome, judgement.trace

A judgement is a pure function of a pack's version and plain facts (JSON: moments as ISO text with
a zone, days as YYYY-MM-DD).  Only facts that the rule looks at are kept in it: nothing of a person
is stored that did not decide.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing
from zhongshu.rules import expression
from zhongshu.rules.expression import Trace
from zhongshu.rules.model import Condition, Expression, Logic, Pack, Release, Rule, Text

Facts = Mapping[str, Any]
# What was judged; `replay` knows how to do each again.
RULE, RELEASE, SCHEDULE, ZONE, THRESHOLD, FIGURE, WORDS = KINDS = (
    "rule", "release", "schedule", "zone", "threshold", "figure", "words",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """What the rule `rule_id` of a pack says of `facts`.

    version, digest: of the merged pack, so that the same can be found again; outcome: what
    follows, {} where it does not hold; kind: one of `KINDS`; part: id of the schedule or
    threshold, level of the zone, or key of the figure ("" for a rule).
    """

    pack_id: str
    version: str
    digest: str
    rule_id: str
    subject: str
    facts: Facts
    held: bool
    outcome: Facts
    trace: Trace
    kind: str = RULE
    part: str = ""

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        names = [field.name for field in dataclasses.fields(self) if field.name != "trace"]
        told: dict[str, Any] = {name: plain(getattr(self, name)) for name in names}
        return told | {"trace": self.trace.as_json()}

    def stored(self) -> dict[str, Any]:
        """What has to be kept to do it again: all but the trace, which the facts give back."""
        told = self.as_json()
        del told["trace"]
        return told


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """One condition of a release, judged."""

    id: str
    text: Text
    held: bool
    trace: Trace

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": {"zh": self.text.zh, "en": self.text.en},
            "held": self.held,
            "trace": self.trace.as_json(),
        }


def judge(pack: Pack, rule_id: str, facts: Facts) -> Judgement:
    """What the rule says of a subject with `facts`.

    A rule without `when` holds for every subject of its kind.  Refuses (NotFound) a rule the pack
    does not have, (BadInput) one that is words only.
    """
    return _judge(pack, pack.rule(rule_id), plain(facts))


def _judge(pack: Pack, rule: Rule, told: Facts) -> Judgement:
    logic = logic_of(pack, rule)
    figures = lookup(pack)
    when = True if logic.when is None else logic.when
    trace = expression.explain(when, told, figures=figures)
    outcome = _outcome(logic, told, figures) if trace.held else {}
    return made(
        pack,
        rule_id=rule.rule_id,
        subject=logic.of,
        facts=used(told, (when, logic.then.until)),
        held=trace.held,
        outcome=outcome,
        trace=trace,
    )


def holding(pack: Pack, rule: Rule, facts: Facts) -> Judgement:
    """The judgement of a rule that many were asked about at once and that holds of this subject.

    Its trace says only that it holds; the facts kept give the whole one back (`judge.replay`).
    """
    logic, told = logic_of(pack, rule), plain(facts)
    return made(
        pack,
        rule_id=rule.rule_id,
        subject=logic.of,
        facts=used(told, (logic.when, logic.then.until)),
        held=True,
        outcome=_outcome(logic, told, lookup(pack)),
        trace=Trace("value", True, True, False),
    )


def judge_all(pack: Pack, subject: str, facts: Facts) -> tuple[Judgement, ...]:
    """The judgements that hold of a subject of this kind, highest priority first, then in the
    order of the pack.  Rules without `when` are not applied: they say how, not whether."""
    told = plain(facts)
    found = [_judge(pack, rule, told) for rule in judging(pack, subject)]
    return tuple(one for one in found if one.held)


def judging(pack: Pack, subject: str) -> list[Rule]:
    """The rules that judge this kind of subject, highest priority first, then as in the pack."""
    rules = [
        rule
        for rule in pack.rules.values()
        if rule.logic is not None and rule.logic.of == subject and rule.logic.when is not None
    ]
    return sorted(rules, key=lambda rule: -_priority(rule))


def _priority(rule: Rule) -> int:
    return rule.logic.priority if rule.logic else 0


def release(pack: Pack, part_id: str, facts: Facts) -> tuple[Held, ...]:
    """The release conditions of a rule or a schedule, each with its trace; () where none is said.

    Refuses (NotFound) what the pack does not have.
    """
    schedule = pack.schedules.get(part_id)
    if schedule is not None:
        return conditions(pack, schedule.release, facts)
    logic = pack.rule(part_id).logic
    return conditions(pack, logic.release if logic else None, facts)


def conditions(pack: Pack, said: Release | None, facts: Facts) -> tuple[Held, ...]:
    """Each condition of `said`, judged."""
    told, figures = plain(facts), lookup(pack)
    return tuple(
        _condition(one, told, figures) for one in (said.conditions if said is not None else ())
    )


def released(said: Release | None, found: Iterable[Held]) -> bool:
    """Whether the conditions judged amount to release; nothing said: nothing stands in the way."""
    held = [one.held for one in found]
    if said is None or not held:
        return True
    return all(held) if said.mode == "all" else any(held)


def judge_release(pack: Pack, part_id: str, facts: Facts) -> Judgement:
    """The whole release of a rule or schedule as one judgement; outcome: {"released": true}."""
    schedule = pack.schedules.get(part_id)
    if schedule is not None:
        said, subject, rule_id = schedule.release, schedule.of, schedule.rule_id
    else:
        rule = pack.rule(part_id)
        logic = logic_of(pack, rule)
        said, subject, rule_id = logic.release, logic.of, rule.rule_id
    told = plain(facts)
    found = conditions(pack, said, told)
    held = released(said, found)
    mode = "or" if said is not None and said.mode == "any" else "and"
    return made(
        pack,
        rule_id=rule_id,
        subject=subject,
        facts=used(told, [one.when for one in (said.conditions if said else ())]),
        held=held,
        outcome={"released": True} if held else {},
        trace=joined(mode, held, [one.trace for one in found]),
        kind=RELEASE,
        part=part_id,
    )


def of_figure(pack: Pack, key: str, *, facts: Facts | None = None) -> Judgement:
    """That the figure `key` was applied: its value under this version is the outcome.

    facts: what it was applied to, for the record.
    """
    figure = pack.figure(key)
    value = plain(figure.value)
    trace = Trace(
        op="figure", value=value, held=True, unknown=False, fact=None, figure=key, parts=()
    )
    return made(
        pack,
        rule_id=figure.rule_id,
        subject="",
        facts=plain(facts or {}),
        held=True,
        outcome={"figure": key, "value": value, "unit": figure.unit},
        trace=trace,
        kind=FIGURE,
        part=key,
    )


def of_words(pack: Pack, rule_id: str, *, facts: Facts | None = None) -> Judgement:
    """That a rule was applied which a machine does not judge: its words are the outcome."""
    rule = pack.rule(rule_id)
    words = {"zh": rule.text.zh, "en": rule.text.en}
    return made(
        pack,
        rule_id=rule_id,
        subject="",
        facts=plain(facts or {}),
        held=True,
        outcome={"text": words},
        trace=Trace("value", True, True, False),
        kind=WORDS,
        part="",
    )


def made(pack: Pack, **told: Any) -> Judgement:
    """A judgement by `pack`."""
    return Judgement(pack_id=pack.id, version=pack.version, digest=digest(pack), **told)


def logic_of(pack: Pack, rule: Rule) -> Logic:
    """What a machine can apply of the rule; refuses (BadInput) one that is words only."""
    if rule.logic is None:
        raise BadInput(
            "rules.no_logic",
            f"The rule {rule.rule_id} of {pack.version} is words only; it judges nothing.",
            rule_id=rule.rule_id,
            version=pack.version,
        )
    return rule.logic


def joined(op: str, held: bool, parts: Iterable[Trace], *, value: object = None) -> Trace:
    """A trace made of traces, for what is no expression."""
    found = tuple(parts)
    unknown = not held and any(part.unknown for part in found)
    return Trace(
        op=op,
        value=held if value is None else value,
        held=held,
        unknown=unknown,
        fact=None,
        figure=None,
        parts=found,
    )


def lookup(pack: Pack) -> Callable[[str], object]:
    """What `{"figure": key}` means: the pack's value, lists as lists."""
    return lambda key: plain(pack.figure(key).value)


def plain(value: Any) -> Any:
    """As JSON holds it: moments as ISO text on the Beijing clock, days as text, sets sorted."""
    if isinstance(value, dt.datetime):
        return beijing(value).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _condition(one: Condition, told: Facts, figures: Callable[[str], object]) -> Held:
    trace = expression.explain(one.when, told, figures=figures)
    return Held(one.id, one.text, trace.held, trace)


def _outcome(logic: Logic, told: Facts, figures: Callable[[str], object]) -> dict[str, Any]:
    outcome = logic.then.as_json()
    if logic.then.until is not None:
        outcome["until"] = plain(expression.evaluate(logic.then.until, told, figures=figures))
    return outcome


def used(told: Facts, looked_at: Iterable[Expression]) -> dict[str, Any]:
    """The facts these expressions name; all of them where one takes the whole subject."""
    found: set[str] = set()
    for one in looked_at:
        found |= names(one)
    if "" in found:
        return dict(told)
    return {name: value for name, value in told.items() if name in found}


def names(one: Expression) -> set[str]:
    """The facts an expression names, "" for the whole subject; none for no expression."""
    if one is None:
        return set()
    return {name.split(".")[0] for name in expression.variables(one)}


class _Same:
    """A pack as a key: packs are frozen but hold mappings, so identity stands for equality."""

    __slots__ = ("pack",)

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.pack is other.pack


@functools.lru_cache(maxsize=64)
def _digest(same: _Same) -> str:
    return same.pack.digest()


def digest(pack: Pack) -> str:
    """`Pack.digest`, computed once per pack."""
    return _digest(_Same(pack))


def reads(pack: Pack, subject: str) -> Iterator[str]:
    """Names of the facts that this pack's rules look at in a subject of this kind."""
    seen: set[str] = set()
    for rule in judging(pack, subject):
        if rule.logic is None:
            continue
        for one in (rule.logic.when, rule.logic.then.until):
            seen |= names(one)
    yield from sorted(seen - {""})
