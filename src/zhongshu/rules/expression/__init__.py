"""Rules as expressions: JSON or YAML that is data, never code.

`evaluate` for one subject, `explain` with the way to the answer, `validate` before either,
`variables` and `figures` for what is asked for; `vector.evaluate` for a table of subjects and
`words.sentences` for the trace in words.  Operators: docs/reference/expressions.md.
"""

from zhongshu.rules.expression.checking import Issue, validate
from zhongshu.rules.expression.grammar import OPERATORS
from zhongshu.rules.expression.scalar import evaluate
from zhongshu.rules.expression.tracing import Trace, explain
from zhongshu.rules.expression.values import Figures, plain
from zhongshu.rules.expression.walking import figures, variables

__all__ = [
    "OPERATORS",
    "Figures",
    "Issue",
    "Trace",
    "evaluate",
    "explain",
    "figures",
    "plain",
    "validate",
    "variables",
]
