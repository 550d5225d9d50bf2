"""Words that a letter says about a person, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.service.kit.text import Text, text

# Why nobody has to look for somebody any more.
DROPPED: Mapping[str, Text] = {
    "excluded": text("经核实排除", "excluded after a check"),
    "downgraded": text("经核实降级", "downgraded after a check"),
    "withdrawn": text("重新追踪后不再符合", "no longer found by the trace"),
    "became_case": text("已转为病例", "has become a case"),
    "moved": text("现住址不在贵地", "lives elsewhere"),
}
