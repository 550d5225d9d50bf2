"""Tubes and tests as the feeds bring them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa
from django.conf import settings

from tests.service import builders as b
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import TESTS, TUBE_RESULTS, TUBES
from zhongshu.service.people import facade as people
from zhongshu.service.rounds import facade as rounds


@dataclasses.dataclass
class Tubes:
    """Tubes and tests as the feeds bring them to a lake, in any order.  Persons are serial numbers
    of `builders.id_no`; at: hours from now."""

    lake: Lake = dataclasses.field(default_factory=lambda: Lake(settings.ZHONGSHU_LAKE))

    def swabs(self, code: str, *serials: int, at: float = -8) -> None:
        rows = [{"tube": code, "person": person, "sampled_at": _hours(at),
                 "recorded_at": _hours(at)} for person in self.persons(*serials)]  # fmt: skip
        self._take("tubes", TUBES, rows, self.lake.write_tubes)

    def result(self, code: str, result: str = "positive", *, swabs: int = 3, sampled: float = -8,
               village: str = b.VILLAGE, at: float = -2, lab: str = "L1") -> None:  # fmt: skip
        row = {"tube": code, "village_code": village, "swabs": swabs, "sampled_at": _hours(sampled),
               "received_at": _hours((sampled + at) / 2), "reported_at": _hours(at), "lab_id": lab,
               "result": result}  # fmt: skip
        self._take("tube_results", TUBE_RESULTS, [row], self.lake.write_tube_results)

    def results(self, *codes: str) -> None:
        """All positive, in one file."""
        rows = [{"tube": code, "village_code": b.VILLAGE, "swabs": 3, "sampled_at": _hours(-8),
                 "received_at": _hours(-5), "reported_at": _hours(-2), "lab_id": "L1",
                 "result": "positive"} for code in codes]  # fmt: skip
        self._take("tube_results", TUBE_RESULTS, rows, self.lake.write_tube_results)

    def own(self, serial: int, result: str = "negative", *, sampled: float = -1,
            at: float = 0, method: str = "single") -> None:  # fmt: skip
        row = self._test(serial, result, sampled) | {"reported_at": _hours(at), "method": method}
        self._take("lab_results", TESTS, [row], self.lake.write_tests)

    def both(self, *tests: tuple[int, str, float]) -> None:
        """Singles of several persons in one file: serial, result, hour of the sample."""
        rows = [self._test(*one) for one in tests]
        self._take("lab_results", TESTS, rows, self.lake.write_tests)

    def _test(self, serial: int, result: str, sampled: float) -> dict[str, Any]:
        return {"person": self.persons(serial)[0], "sample_no": f"N{serial}{sampled}",
                "sampled_at": _hours(sampled), "received_at": b.NOW, "reported_at": b.NOW,
                "lab_id": "L1", "method": "single", "result": result, "ct": None}  # fmt: skip

    def persons(self, *serials: int) -> list[int]:
        found: list[int] = people.pseudonyms(pa.array([b.id_no(n) for n in serials])).to_pylist()
        return found

    def _take(self, kind: str, schema: pa.Schema, rows: list[dict[str, Any]], write: Any) -> None:
        table = pa.Table.from_pylist(rows, schema=schema)
        write(table)
        rounds.follow_tubes(lake=self.lake, kind=kind, rows=table, actor=b.actor(), now=b.NOW)


def positive(village: str = b.VILLAGE, mark: str = "T1") -> rounds.Tube:
    """A positive tube of one person known and two unknown, told an hour ago at a point there."""
    feeds = Tubes()
    feeds.swabs(mark, 1)
    feeds.result(mark, village=village)
    return rounds.Tube.objects.get(code=mark)


def _hours(ahead: float) -> dt.datetime:
    return b.NOW + ahead * b.HOUR
