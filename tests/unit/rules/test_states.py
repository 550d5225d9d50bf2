import pytest

from zhongshu.kernel.errors import NotAllowed, WrongState
from zhongshu.rules import states
from zhongshu.rules.permissions import GRANTS, Role
from zhongshu.rules.states import BY_FACT, NEEDS, TABLES

NOUNS = sorted(TABLES)


def reachable(noun):
    seen, waiting = set(), [states.initial(noun)]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += states.allowed(noun, state).values()
    return seen


def test_the_nouns_are_the_ones_the_headquarters_works_with():
    expected = (
        "case clock contact directive dispatch isolation job letter period proposal sample signal "
        "ticket zone"
    )
    assert sorted(TABLES) == expected.split()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_state_can_be_reached_and_every_action_leads_to_a_known_state(noun):
    assert reachable(noun) == set(TABLES[noun])


@pytest.mark.parametrize("noun", NOUNS)
def test_every_action_asks_for_a_permission_and_no_permission_is_left_over(noun):
    actions = {action for options in TABLES[noun].values() for action in options}
    by_fact = BY_FACT.get(noun, frozenset())
    assert set(NEEDS[noun]) | by_fact == actions
    assert not set(NEEDS[noun]) & by_fact, "a fact does it, or a person with a right, not both"


@pytest.mark.parametrize("noun", NOUNS)
def test_every_action_can_be_done_by_some_role(noun):
    for permission in NEEDS[noun].values():
        assert any(permission in GRANTS[role] for role in Role)


@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun not in {"contact", "clock"}])
def test_every_life_can_come_to_an_end(noun):
    assert states.final(noun)


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_leads_out_of_a_final_state_and_every_other_state_leads_somewhere_else(noun):
    for state, options in TABLES[noun].items():
        if state in states.final(noun):
            assert not options
        else:
            assert set(options.values()) - {state}, f"{noun} {state} can never be left"


def test_a_clock_that_does_not_run_is_moved_by_facts_alone():
    for state, options in TABLES["clock"].items():
        if state != "running":
            assert set(options) <= BY_FACT["clock"]


def test_where_an_action_can_start_is_what_the_table_says():
    assert states.sources("clock", "restart") == ("met", "met_late", "waived")
    assert states.sources("clock", "waive") == ("running",)


@pytest.mark.parametrize(
    ("noun", "path"),
    [
        ("contact", "proposed confirm confirmed isolate isolating release released"),
        ("contact", "proposed exclude excluded reopen proposed"),
        ("zone", "proposed activate active step active release released"),
        (
            "directive",
            "issued receive received sign signed start in_work report reported close closed",
        ),
        ("directive", "issued sign signed forward in_work report reported send_back in_work"),
        ("proposal", "waiting amend amended"),
        (
            "signal",
            "raised take taken verify verified check checked assess assessed declare_event event",
        ),
        ("case", "reported confirm confirmed admit admitted recover recovered close closed"),
        ("period", "open close closed"),
        ("letter", "sent receive received report received answer answered"),
        ("isolation", "ordered fetch in_transfer start isolating move isolating release released"),
        ("isolation", "ordered start isolating admit in_hospital return isolating"),
        ("ticket", "received assign assigned take in_work answer answered call_back called_back"),
        ("ticket", "received answer answered reopen assigned return received merge merged"),
        ("sample", "ordered collect collected hand_over in_transport accept accepted"),
        ("sample", "accepted find_suspect suspect find_negative negative correct accepted"),
        ("clock", "running meet_late met_late restart running withdraw waived restart running"),
    ],
)
def test_the_usual_life_of_a_record(noun, path):
    state, *steps = path.split()
    for action, target in zip(steps[::2], steps[1::2], strict=True):
        state = states.check_may_do(noun, action, state=state)
        assert state == target


@pytest.mark.parametrize(
    ("noun", "state", "action"),
    [
        ("directive", "issued", "report"),  # nobody reports on what he has not signed for
        ("directive", "closed", "sign"),
        ("proposal", "approved", "reject"),  # a decision is not undone, a new proposal is made
        ("zone", "released", "activate"),
        ("contact", "proposed", "isolate"),  # the machine proposes, people confirm
        ("period", "closed", "close"),
        ("isolation", "released", "move"),
        ("ticket", "received", "close"),  # somebody answers first
        ("sample", "ordered", "find_positive"),  # no result without a sample
        ("letter", "sent", "report"),  # nobody finds people of a list he has not received
        ("clock", "met", "waive"),  # what was done is not waived
    ],
)
def test_what_a_state_refuses(noun, state, action):
    assert not states.may_do(noun, action, state=state)
    with pytest.raises(WrongState) as refusal:
        states.check_may_do(noun, action, state=state)
    assert refusal.value.code == f"{noun}.wrong_state"
    assert refusal.value.facts["state"] == state


def test_who_is_asked_before_what_the_state_allows():
    with pytest.raises(NotAllowed):
        states.check_may_act("proposal", "approve", state="approved", roles=["village_clerk"])
    with pytest.raises(WrongState):
        states.check_may_act("proposal", "approve", state="approved", roles=["commander"])
    assert states.may_act("proposal", "approve", state="waiting", roles=["commander"])
    assert not states.may_act("proposal", "approve", state="waiting", roles=["data_team"])


def test_an_unknown_state_is_a_fault():
    with pytest.raises(KeyError):
        states.check_may_do("zone", "release", state="melted")


def test_the_diagram_shows_every_arrow_of_the_table():
    text = states.diagram("directive")
    assert text.startswith("stateDiagram-v2\n    [*] --> issued\n")
    assert "    issued --> signed: sign\n" in text
    assert text.endswith("    closed --> [*]\n")
    arrows = sum(len(options) for options in TABLES["directive"].values())
    assert text.count("-->") == arrows + 2
