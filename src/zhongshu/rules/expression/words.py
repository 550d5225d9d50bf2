"""A trace in short sentences, Chinese and English: which conditions held, with what, and why not.

The sentences follow the trace: conditions of an `and` one after the other, those of an `or` under a
line that counts them, elements of a list under the line of the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhongshu.rules.expression import grammar
from zhongshu.rules.expression.phrases import Name, Phrases, asks, catalogue
from zhongshu.rules.expression.tracing import Trace

__all__ = ["Name", "catalogue", "sentences"]

# Elements of a list that are said.
_SAID = 2


def sentences(trace: Trace, names: Mapping[str, Name]) -> list[dict[str, str]]:
    """[{zh, en}], in the order of the trace.

    names: words for facts, for fields of list elements and for figures, by name or key; what is
    missing there is said by its name.
    """
    both = (list(_Speaker(language, names).lines(trace)) for language in ("zh", "en"))
    return [{"zh": zh, "en": en} for zh, en in zip(*both, strict=True)]


class _Speaker(Phrases):
    """One language."""

    def lines(self, trace: Trace) -> Iterator[str]:
        if trace.op == "and":
            for part in trace.parts:
                yield from self.lines(part)
        elif trace.op == "if" and len(trace.parts) == 2:
            yield from self.lines(trace.parts[0])
            if trace.parts[1].op != "value":
                yield from self.lines(trace.parts[1])
        elif trace.op == "or":
            yield from self.any_of(trace)
        elif _foreign(trace):
            yield from self.foreign(trace)
        elif trace.op in {"some", "every"} and trace.parts:
            yield from self.quantified(trace)
        elif trace.op == "!" and trace.parts[0].op in {"and", "or", "some", "every", "if"}:
            yield self.word("conditions", "not") + self.outcome(trace)
            yield from self.below(trace.parts[0])
        elif trace.fact is not None and isinstance(trace.value, bool | None):
            yield self.name(trace.fact) + self.outcome(trace, of="")
        else:
            yield self.condition(trace) + (self.outcome(trace, of="") if asks(trace) else "")

    def below(self, trace: Trace) -> Iterator[str]:
        for line in self.lines(trace):
            yield self.word("deeper") + line

    def any_of(self, trace: Trace) -> Iterator[str]:
        """Where one held only those that did, else all."""
        held = [part for part in trace.parts if part.held]
        lead = self.word("conditions", "or").format(size=len(trace.parts), count=len(held))
        yield lead + self.outcome(trace)
        for part in held or trace.parts:
            yield from self.below(part)

    def quantified(self, trace: Trace) -> Iterator[str]:
        """The first elements that decided are said one by one."""
        of = trace.parts[0]
        size = len(of.value) if isinstance(of.value, list) else 0
        lead = self.word("conditions", trace.op).format(self.phrase(of), size=size)
        yield lead + self.outcome(trace)
        elements = [part for part in trace.parts[1:] if part.op == "element"]
        for element in elements[:_SAID]:
            yield from self.below(element.parts[0])

    def foreign(self, trace: Trace) -> Iterator[str]:
        """What is no expression: facts held against figures; conditions inside it by themselves."""
        inner = [part for part in trace.parts if part.op in {"and", "or"}]
        for part in inner:
            yield from self.lines(part)
        rest = [part for part in trace.parts if part.op not in {"and", "or"}]
        figures = [self.phrase(part) for part in rest if part.figure is not None]
        facts = [self.phrase(part) for part in rest if part.figure is None]
        join = self.word("join")
        said = join.join(facts)
        if figures:
            said = self.word("conditions", "asked").format(said, join.join(figures)).strip()
        if said:
            yield said + ("" if inner else self.outcome(trace, of=""))


def _foreign(trace: Trace) -> bool:
    """Whether another module made this part, of what is no expression."""
    if trace.fact is not None or trace.op in {"value", "list", "element", "figure"}:
        return False
    of_lists = trace.op == "window" and trace.parts[:1] and trace.parts[0].op in {"and", "or"}
    return trace.op not in grammar.OPERATORS or bool(of_lists)
