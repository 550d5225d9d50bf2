"""The doors of this engine: build a world and step it, or write a whole one to disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from zhongshu.engines.world import feeds, measure, mess, past, statics, truth, write
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.model import VERSION, DayResult, Measures, WorldSummary
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.state import World
from zhongshu.kernel.errors import Refused

Progress = Callable[[str, float], None]
CARD = "world.json"


def build(params: WorldParams, margins: Margins) -> World:
    """A world before its first day."""
    return World(statics.make(params, margins))


def world_hash(params: WorldParams, margins: Margins) -> str:
    """SHA-256 of what determines a world: parameters, margins, version of the generator."""
    text = json.dumps(params.as_json(), sort_keys=True)
    return hashlib.sha256(f"{VERSION}\n{margins.digest()}\n{text}".encode()).hexdigest()


def truth_hash(world: World) -> str:
    """SHA-256 of the course of the epidemic; equal for equal worlds under equal measures."""
    return hashlib.sha256(world.course.tobytes()).hexdigest()


def run(
    params: WorldParams, margins: Margins, out: Path, progress: Progress = lambda what, share: None
) -> WorldSummary:
    """Writes feeds/, truth/ and world.json under `out`; does nothing if the same world is there.

    progress: called with a sentence and the share done, 0 to 1.
    Refuses when `out` holds something that is not a world.
    """
    wanted = world_hash(params, margins)
    there = _read_card(out)
    if there is not None and there.world_hash == wanted:
        progress("the world is there already", 1.0)
        return dataclasses.replace(there, reused=True)
    _clear(out)
    progress("settling people", 0.0)
    world = build(params, margins)
    _write_registers(world, out / "feeds")
    past.write(world, out / "feeds")
    tally = _Tally()
    for _ in range(params.days):
        progress(f"day {world.date.isoformat()}", 0.05 + 0.9 * world.day / params.days)
        day = world.step(Measures())
        _write_day(world, day, out / "feeds")
        tally.add(day)
    progress("writing the truth", 0.96)
    truth.write(world, out / "truth")
    summary = _summary(world, tally, wanted)
    _write_card(out, params, summary)
    progress("done", 1.0)
    return summary


class _Tally:
    def __init__(self) -> None:
        self.visits = self.records = self.cases = 0

    def add(self, day: DayResult) -> None:
        self.visits += len(day.visits)
        self.records += len(day.records)
        self.cases += len(day.cases)


def _write_registers(world: World, folder: Path) -> None:
    params = world.statics.params
    sent = mess.dirty(
        feeds.registers(world),
        seed=params.seed,
        day=-1 % 2**31,
        retired_codes=world.statics.margins.retired_codes,
    )
    write.feeds(sent, folder, day=None, seed=params.seed)


def _write_day(world: World, day: DayResult, folder: Path) -> None:
    params = world.statics.params
    sent = mess.dirty(
        feeds.day_feeds(world, day),
        seed=params.seed,
        day=day.day,
        retired_codes=world.statics.margins.retired_codes,
    )
    write.feeds(sent, folder, day=day.date, seed=params.seed)
    if day.day == params.days // 2:
        write.again("lab_results", sent["lab_results"], folder, day=day.date, seed=params.seed)


def _summary(world: World, tally: _Tally, wanted: str) -> WorldSummary:
    people, course = world.statics.people, world.course
    counties = np.unique(people.county[course["person"]])
    return WorldSummary(
        world_hash=wanted,
        truth_hash=truth_hash(world),
        people=people.people,
        households=people.households,
        places=len(world.statics.places),
        visits=tally.visits,
        records=tally.records,
        infections=len(course),
        cases=tally.cases,
        counties_with_cases=len(counties),
        calibration=measure.calibration(world),
    )


def _clear(out: Path) -> None:
    """Makes room for a new world; never touches a folder that is not one."""
    ours = {"feeds", "truth", CARD}
    if out.exists():
        others = sorted(path.name for path in out.iterdir() if path.name not in ours)
        if others:
            raise Refused(
                "world.folder_in_use",
                f"{out} holds other things ({others[0]}); name an empty folder for the world.",
                folder=str(out),
            )
        (out / CARD).unlink(missing_ok=True)
        for name in ("feeds", "truth"):
            shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)


def _write_card(out: Path, params: WorldParams, summary: WorldSummary) -> None:
    """Last of all, so that a folder with a card is a complete world."""
    card = {
        "label": "synthetic",
        "label_zh": "合成数据",
        "version": VERSION,
        "params": params.as_json(),
        "summary": dataclasses.asdict(summary),
    }
    partial = out / f"{CARD}.part"
    partial.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(out / CARD)


def _read_card(out: Path) -> WorldSummary | None:
    """The summary of the complete world in `out`, or None."""
    try:
        stored = json.loads((out / CARD).read_text(encoding="utf-8"))["summary"]
        rows = tuple((str(a), str(b), float(c), float(d)) for a, b, c, d in stored["calibration"])
        return WorldSummary(**{**stored, "calibration": rows})
    except (OSError, ValueError, KeyError, TypeError):
        return None
