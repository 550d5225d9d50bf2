"""The pages of the policy packs: an index, one page for each pack, and what rules may ask."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zhongshu.cli.packprint import criteria, outcome, release, shown, with_unit
from zhongshu.rules import clocks, factlist, reader
from zhongshu.rules.model import Figure, Pack, Rule
from zhongshu.rules.packfiles import diff
from zhongshu.rules.packfiles.phrase import phrase

COMMAND = "chain-of-command"
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
_MARKS = {"V": "V", "R": "**R**", "D": "**D**"}
_HEAD = [
    "Mark: **V** read in a source text; **R** recalled, not verified; **D** our own design",
    "default, no law.  Only V counts as verified.  Let the local command centre confirm or",
    "replace every R and D before use.",
]


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = list(columns)
    yield ""
    yield f"| {' | '.join(names)} |"
    yield "|---" * len(names) + "|"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")


def index() -> str:
    rows = []
    for pack_id in reader.pack_ids(folder=reader.SHIPPED):
        first, *_ = reader.versions(pack_id, folder=reader.SHIPPED)
        marks = [figure.mark.value for figure in first.figures().values()]
        rows.append(
            (
                f"[`{pack_id}`](packs/{pack_id}.md)",
                f"{first.edition.en} {first.edition.zh}",
                first.disease,
                first.topic,
                _dates(first),
                *(marks.count(mark) for mark in "VRD"),
            )
        )
    lines = [
        "# Policy packs",
        "",
        "Every figure and rule of the domain that the product applies, drawn from the packs by",
        "`scripts/build_docs.py`, one page each.  `zhongshu pack show cn-covid-9 --on DAY` prints",
        "a pack as of a day; the console shows them under *System*, and beside each reason of a",
        "proposal.  [Write a pack](../how-to/write-a-pack.md) says how an authority amends one or",
        "tightens a figure; [facts](facts.md) lists what rules may ask of each kind of subject.",
        "",
        *_HEAD,
        *table(("pack", "what", "disease", "topic", "in force", "V", "R", "D"), rows),
    ]
    return "\n".join(lines) + "\n"


def _dates(pack: Pack) -> str:
    said = pack.effective_note
    note = f" ({said.zh}; {said.en})" if said else ""
    return f"{pack.effective_from} to {pack.effective_to or '...'}{note}"


def page(pack_id: str) -> str:
    stages = reader.versions(pack_id, folder=reader.SHIPPED)
    pack = stages[0]
    lines = [
        f"# {pack.edition.en} {pack.edition.zh}",
        "",
        f"Pack `{pack.id}`: {pack.disease}, {pack.topic}, {pack.jurisdiction}.",
        f"In force {_dates(pack)}.",
    ]
    if pack.supersedes:
        lines += ["", f"It follows [`{pack.supersedes}`]({pack.supersedes}.md)."]
    keys = ", ".join(f"`{key}`" for key in pack.may_tighten)
    what = f"may tighten {keys}, within the bounds below" if keys else "may change nothing"
    lines += ["", f"A lower unit {what}."]
    if pack.sources:
        lines += ["", "Sources:", "", *(f"- {one.zh}  \n  {one.en}" for one in pack.sources)]
    lines += ["", *_HEAD, *_versions(stages), *_rules(pack), *_figures(pack)]
    lines += [*_clocks(pack), *_schedules(pack), *_thresholds(pack), *_escalations(pack)]
    for before, after in itertools.pairwise(stages):
        lines += _amendment(before, after)
    return "\n".join(lines) + "\n"


def _versions(stages: Iterable[Pack]) -> Iterator[str]:
    rows = []
    for stage in stages:
        marks = [figure.mark.value for figure in stage.figures().values()]
        since = (stage.amendments[-1] if stage.amendments else stage).effective_from
        counts = (marks.count(mark) for mark in "VRD")
        rows.append((f"`{stage.version}`", since, len(marks), *counts))
    yield from table(("version", "in force from", "figures", "V", "R", "D"), rows)


def _rules(pack: Pack) -> Iterator[str]:
    yield from ("", "## Rules")
    words = [rule for rule in pack.rules.values() if rule.logic is None]
    rows = ((r.rule_id, _MARKS[r.mark.value], r.text.zh, r.text.en) for r in words)
    if words:
        yield from table(("rule", "mark", "规则", "what"), rows)
    for rule in pack.rules.values():
        if rule.logic is not None:
            yield from _judging(pack, rule)


def _judging(pack: Pack, rule: Rule) -> Iterator[str]:
    """A rule that a machine applies, in both languages."""
    logic = rule.logic
    assert logic is not None
    yield from ("", f"### {rule.rule_id} {_MARKS[rule.mark.value]}", "")
    yield from (f"{rule.text.zh}  ", f"{rule.text.en}", "")
    subject = factlist.subjects()[logic.of].text
    for language, name, when, then in (
        ("zh", subject.zh, "条件", "则"),
        ("en", subject.en, "when", "then"),
    ):
        said = [f"({name})"]
        if logic.when is not None:
            said.append(f"{when}: {phrase(logic.when, pack, of=logic.of, language=language)}.")
        comma = "；" if language == "zh" else "; "
        follows = comma.join(outcome(pack, logic.then, of=logic.of, language=language))
        if follows:
            said.append(f"{then}: {follows}.")
        yield f"- {' '.join(said)}"
        for line in release(pack, logic.release, of=logic.of, language=language):
            yield line if line.startswith(" ") else f"  {line}"
    if rule.legal_basis:
        yield f"- {rule.legal_basis.zh}  "
        yield f"  {rule.legal_basis.en}"


def _figures(pack: Pack, keys: set[str] | None = None) -> Iterator[str]:
    if keys is None:
        yield from ("", "## Figures")
    rows = [_figure(f) for key, f in pack.figures().items() if keys is None or key in keys]
    yield from table(("figure", "value", "unit", "bounds", "rule", "mark", "what"), rows)


def _figure(figure: Figure) -> tuple[object, ...]:
    ends = [f"{end:g}" if end is not None else "..." for end in (figure.minimum, figure.maximum)]
    bounds = " to ".join(ends) if ends != ["...", "..."] else ""
    if figure.stricter:
        bounds = f"{bounds}, {figure.stricter} is stricter".removeprefix(", ")
    what = f"{figure.title.en} {figure.title.zh}".strip()
    if figure.note:
        what += f" ({figure.note.en}; {figure.note.zh})"
    mark = _MARKS[figure.mark.value]
    return f"`{figure.key}`", shown(figure.value), figure.unit, bounds, figure.rule_id, mark, what


def _clocks(pack: Pack) -> Iterator[str]:
    if not pack.clocks:
        return
    yield from ("", "## Clocks")
    rows = [
        (
            f"`{c.id}`",
            f"{c.text.zh} {c.text.en}",
            c.of,
            f"{c.anchor} to {c.stop or 'due'}",
            with_unit(pack, c.length) or f"at {c.due}",
            f"{c.unit}, day {c.first_day} first" if c.unit == "day_number" else c.unit,
            c.owner,
            c.rule_id,
            phrase(c.when, pack, of=c.of),
        )
        for c in pack.clocks.values()
    ]
    columns = ("clock", "what", "of", "runs", "length", "unit", "owner", "rule", "only where")
    yield from table(columns, rows)


def _schedules(pack: Pack) -> Iterator[str]:
    if not pack.schedules:
        return
    yield from ("", "## Schedules")
    for one in pack.schedules.values():
        top_up = "; days already served count" if one.top_up else ""
        yield from ("", f"**{one.text.zh} {one.text.en}** (`{one.id}`, {one.rule_id}): ")
        yield f"{one.anchor} falls on day {one.first_day}{top_up}."
        when = phrase(one.when, pack, of=one.of)
        yield f"Only where {when}." if when else ""
        rows = [
            (
                s.place,
                with_unit(pack, s.days),
                with_unit(pack, s.test_days).removesuffix(" day no."),
                s.count_from,
                s.sample,
                "pooled" if s.pooled else "single",
                "twice" if s.double else "",
                s.by,
            )
            for s in one.stages
        ]
        columns = ("place", "days", "tests on day", "counted from", "sample", "tube", "", "by")
        yield from table(columns, rows)
        yield ""
        yield from release(pack, one.release, of=one.of, language="zh")
        yield ""
        yield from release(pack, one.release, of=one.of, language="en")


def _thresholds(pack: Pack) -> Iterator[str]:
    if not pack.thresholds:
        return
    yield from ("", "## Thresholds")
    rows = [
        (
            f"`{one.id}`",
            f"{one.text.zh} {one.text.en}",
            f"{one.of} per {one.per}"
            + (f", different {one.distinct_by}" if one.distinct_by else ""),
            ", ".join(one.site_kinds),
            with_unit(pack, one.within_days),
            criteria(pack, one),
            phrase(one.where, pack, of=one.of),
            "; ".join(outcome(pack, one.then, of=one.of, language="en")),
            one.rule_id,
        )
        for one in pack.thresholds.values()
    ]
    columns = (
        "threshold",
        "what",
        "counted",
        "sites",
        "within",
        "reached by",
        "rows",
        "then",
        "rule",
    )
    yield from table(columns, rows)


def _escalations(pack: Pack) -> Iterator[str]:
    command = reader.load(COMMAND, folder=reader.SHIPPED)
    used = clocks.escalations(pack, command=command)
    taken = [one for source, one in used if source.id != pack.id]
    if taken or pack.escalations:
        yield from ("", "## Escalation")
    for one in taken:
        yield from ("", f"`{one.id}` is that of the [chain of command]({COMMAND}.md).")
    if not pack.escalations:
        return
    rows = [
        (f"`{one.id}`", step.step, with_unit(pack, step.at_pct), step.levels_up, one.rule_id)
        for one in pack.escalations.values()
        for step in one.steps
    ]
    yield from table(("escalation", "step", "at", "levels up", "rule"), rows)


def _amendment(before: Pack, after: Pack) -> Iterator[str]:
    """What one amendment changed, added and took away."""
    amendment = after.amendments[-1]
    yield from ("", f"## `{after.version}`: {amendment.title.en} ({amendment.title.zh})", "")
    yield f"From {amendment.effective_from}."
    if amendment.transition:
        reaches = "Also for people" if amendment.retroactive else "Not for people"
        yield f"{reaches} already under the old rule: {amendment.transition.en} "
        yield f"{amendment.transition.zh}."
    changes = list(diff.changes(before, after))
    keys = {one.key for one in changes if one.section == "figures" and one.after}
    if keys:
        yield from _figures(after, keys)
    gone = [f"`{one.key}`" for one in changes if one.after is None]
    if gone:
        yield from ("", "No longer there: " + ", ".join(gone) + ".")
    rows = [
        (one.section, f"`{one.key}`", one.what, _told(one.after))
        for one in changes
        if one.section != "figures" and one.after is not None
    ]
    if rows:
        yield from table(("section", "entry", "", "now"), rows)


def _told(entry: Any) -> str:
    text = entry.get("text")
    words = f"{text['zh']} {text['en']}" if text else json.dumps(entry, ensure_ascii=False)
    return words if len(words) <= 200 else words[:197] + "..."


def facts() -> str:
    lines = [
        "# Facts",
        "",
        "What rules, clocks, schedules and thresholds may ask of each kind of subject, drawn from",
        "`src/zhongshu/rules/facts.yaml`.  An expression that names anything else is refused.",
        "Every subject also has `now`, the moment of judging.",
    ]
    for kind, subject in factlist.subjects().items():
        lines += ["", f"## `{kind}`: {subject.text.en} {subject.text.zh}"]
        rows = [
            (f"`{fact.name}`", f"{fact.type} of {fact.of}" if fact.of else fact.type,
             fact.text.zh, fact.text.en)
            for fact in subject.facts.values()
            if fact.name != factlist.NOW
        ]  # fmt: skip
        lines += table(("fact", "type", "名称", "what"), rows)
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """{path below docs/reference: text}"""
    found = {"packs.md": index(), "facts.md": facts()}
    ids = reader.pack_ids(folder=reader.SHIPPED)
    return found | {f"packs/{pack_id}.md": page(pack_id) for pack_id in ids}


def stale() -> list[str]:
    """Pages that are not what the packs say now, and pages of packs that are gone."""
    told = pages()
    there = {f"packs/{file.name}" for file in (FOLDER / "packs").glob("*.md")}
    differ = [name for name, text in told.items() if _read(name) != text]
    return differ + sorted(there - set(told))


def _read(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def write() -> None:
    told = pages()
    (FOLDER / "packs").mkdir(exist_ok=True)
    for name in stale():
        if name in told:
            (FOLDER / name).write_text(told[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
