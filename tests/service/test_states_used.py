"""Every register moves its records by the table of states, and by nothing beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.service import builders as b
from tests.service import scenes
from zhongshu import service
from zhongshu.rules.lives import BY_FACT, TABLES

SERVICE = Path(service.__path__[0])
# Noun to (app, model).
REGISTERS = {
    "case": ("cases", "Case"),
    "contact": ("contacts", "Contact"),
    "zone": ("zones", "Zone"),
    "directive": ("directives", "Directive"),
    "letter": ("letters", "Letter"),
    "proposal": ("periods", "Proposal"),
    "signal": ("signals", "Signal"),
    "period": ("periods", "Period"),
    "clock": ("clocks", "Clock"),
    "dispatch": ("dispatch", "DispatchPlan"),
    "job": ("dispatch", "Job"),
}
# Lives laid down before their registers are built.
AHEAD = {"isolation": "isolations", "ticket": "tickets", "sample": "samples"}


def source(app: str) -> str:
    files = (SERVICE / app).rglob("*.py")
    return "\n".join(file.read_text("utf-8") for file in files)


def test_every_noun_has_a_register_or_is_known_to_come() -> None:
    assert set(REGISTERS) | set(AHEAD) == set(TABLES)
    for app in AHEAD.values():
        assert not (SERVICE / app).exists(), f"{app} is there now: it belongs to REGISTERS"


@pytest.mark.parametrize("noun", REGISTERS)
def test_its_service_asks_the_table(noun: str) -> None:
    assert re.search(rf'states\.\w+\(\s*"{noun}"', source(REGISTERS[noun][0]))


@pytest.mark.parametrize("noun", REGISTERS)
def test_no_state_is_given_to_a_record_by_name(noun: str) -> None:
    """`row.state = "closed"` would pass the table by."""
    given = re.findall(r'\.state\s*(?:,[^=\n]*)?=\s*"(\w+)"', source(REGISTERS[noun][0]))
    assert given == []


@pytest.mark.django_db
def test_the_states_in_the_registers_are_those_of_the_tables() -> None:
    scenes.two_cities()
    scenes.dispatched(b.COUNTY)
    for noun, (app, name) in REGISTERS.items():
        there = set(apps.get_model(app, name).objects.values_list("state", flat=True))
        assert there, noun
        assert there <= set(TABLES[noun]), noun


def test_facts_move_clocks_and_dispatch_alone() -> None:
    assert set(BY_FACT) == {"clock", "dispatch", "job"}
