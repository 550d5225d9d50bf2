"""What if through the door: asked, computed by the job, read, withdrawn, proposed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import ports, scenes
from zhongshu.engines.whatif import answers
from zhongshu.engines.whatif.counties import stages
from zhongshu.engines.whatif.outbreak.model import NEVER
from zhongshu.jobs import whatif as job
from zhongshu.jobs.attempts import MOST_ATTEMPTS
from zhongshu.kernel.runcard import RunCard
from zhongshu.rules import reader
from zhongshu.rules.permissions import Role
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import answering, beginning, compute, province, residents
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.whatif.place import place

pytestmark = pytest.mark.django_db
FIRST = dt.date(2022, 11, 9)


@pytest.fixture
def client() -> Any:
    scenes.two_cities()
    return scenes.signed_in((b.CITY, "epidemiologist"))


def ask(client: Any, key: str = "k", **given: Any) -> Any:
    return scenes.post(client, "/whatif", scenes.question(b.COUNTY) | given, key=key)


def made(options: tuple[str, ...], *, days: int = 3, runs: int = 20) -> answers.Answer:
    """Counted figures in place of a simulation: the second option halves infections and locks."""
    names = answers.measures([whatif.Question("", "x", 1, 20, o, [{"name": o}]).read()[0]
                              for o in options])  # fmt: skip
    table = np.zeros((len(options), runs, days, len(names)), dtype=np.float32)
    table[0, :, :, names.index("infections")] = 8 + np.arange(runs)[:, None] % 2
    for at in range(1, len(options)):
        table[at] = table[0] / 2
        table[at, :, :, names.index("person_days_locked")] = 100
    card = RunCard(engine="whatif.outbreak", version="1", parameters={}, inputs={}, seed=1)
    return answers.Answer(options=options, measures=names, runs=table, card=card)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's figures are given; all around it is real.  It has tests of its own."""

    def county(asked: compute.Asked, where: Any, rows: Any, pack: Any, **rest: Any) -> Any:
        return made(tuple(one.name for one in asked.options)), ["weekdays_alike"], 5000, True, {}

    monkeypatch.setattr(compute, "_county", county)


def test_a_question_waits_is_computed_by_the_job_and_read(client: Any, computed: None) -> None:
    queued = ask(client)
    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    number = queued.json()["id"]
    assert ports.compared == [number]
    assert ask(client).json()["id"] == number
    assert ports.compared == [number]
    job.run(number)
    told = scenes.get(client, f"/whatif/{number}").json()
    assert (told["state"], told["refusal"], told["label"]) == ("done", None, "illustrative")
    answer = told["answer"]
    assert (answer["engine"], answer["cases"], answer["seed"]) == ("outbreak", 1, number)
    assert answer["days"] == ["2022-11-09", "2022-11-10", "2022-11-11"]
    series = next(s for s in answer["series"] if s["measure"] == "infections")
    assert series["mean"] == [8.5, 8.5, 8.5]
    apart = next(r for r in answer["differences"]["rows"] if r["measure"] == "infections")
    assert (apart["option"], apart["mean"], apart["better"]) == ("lock", -12.75, 1.0)
    (item,) = scenes.get(client, "/whatif").json()["items"]
    assert "answer" not in item
    assert [(h["infections"], h["person_days"]) for h in item["headline"]] == [
        (25.5, 0), (12.75, 300),
    ]  # fmt: skip
    assert [(h["infections_q10"], h["infections_q90"]) for h in item["headline"]] == [
        (24, 27), (12, 13.5),
    ]  # fmt: skip


def test_infected_of_unknown_source_are_asked_kept_and_handed_to_the_engine(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[float | None] = []

    def county(asked: compute.Asked, *_: Any, **__: Any) -> Any:
        begun.append(asked.unseen)
        return made(("nothing", "lock")), [], 5000, True, {"unseen": asked.unseen}

    monkeypatch.setattr(compute, "_county", county)
    number = ask(client, unseen=12.5).json()["id"]
    job.run(number)
    told = scenes.get(client, f"/whatif/{number}").json()
    assert (begun, told["unseen"], told["answer"]["unseen"]) == ([12.5], 12.5, 12.5)
    assert scenes.get(client, f"/whatif/{ask(client, 'k2').json()['id']}").json()["unseen"] is None
    assert scenes.get(client, f"/whatif/form?unit={b.COUNTY}").json()["unseen"] == 0
    assert scenes.get(client, f"/whatif/form?unit={b.CITY}").json()["unseen"] is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"unseen": -1}, "whatif.unseen"),
        ({"unseen": 10_001}, "whatif.unseen"),
        ({"unit": b.CITY, "unseen": 3}, "whatif.unseen_counties"),
    ],
)
def test_infected_of_unknown_source_that_cannot_be_are_refused(
    client: Any, given: dict[str, Any], code: str
) -> None:
    refused = ask(client, **given)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert set(refused.json()["message"]) == {"zh", "en"}


def test_a_job_that_was_cut_off_is_done_again_and_one_done_is_left_alone(
    client: Any, computed: None
) -> None:
    number = ask(client).json()["id"]
    assert whatif.take_up(number, b.NOW) is not None  # its worker is killed here
    job.run(number)
    one = whatif.get(number, b.scope())
    job.run(number)
    assert whatif.get(number, b.scope()).finished_at == one.finished_at


def test_an_error_of_the_program_is_told_and_not_left_running(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(compute, "_county", broken)
    number = ask(client).json()["id"]
    with pytest.raises(ZeroDivisionError):
        job.run(number)
    told = scenes.get(client, f"/whatif/{number}").json()
    assert (told["state"], told["refusal"]["code"]) == ("failed", "whatif.broken")
    assert "日志" in told["refusal"]["message"]["zh"]


def test_one_that_ends_its_worker_each_time_is_given_up(client: Any, computed: None) -> None:
    first, second = (ask(client, key=key).json()["id"] for key in "ab")
    job.run(first, attempts=MOST_ATTEMPTS - 1)
    job.run(second, attempts=MOST_ATTEMPTS)
    states = [whatif.get(number, b.scope()) for number in (first, second)]
    assert [one.state for one in states] == ["done", "failed"]
    assert states[1].refusal is not None
    assert states[1].refusal["code"] == "whatif.killed"


def test_those_whose_job_is_gone_are_queued_again(client: Any, computed: None) -> None:
    """Waiting or running without a job; those with one, and those that are over, are left alone."""
    gone, waits, killed, works, withdrawn, done = (
        ask(client, key=key).json()["id"] for key in "abcdef"
    )
    for number in (killed, works):
        assert whatif.take_up(number, b.NOW) is not None  # taken up by a worker
    scenes.post(client, f"/whatif/{withdrawn}/withdraw", {}, key="w")
    job.run(done)
    for number, status in ((waits, "todo"), (works, "doing"), (gone, "failed")):
        with connection.cursor() as cursor:  # the models of the queue are read only
            cursor.execute(
                "INSERT INTO procrastinate_jobs (task_name, queue_name, status, args)"
                " VALUES (%s, 'default', %s::procrastinate_job_status, %s)",
                [job.TASK, status, json.dumps({"comparison": number})],
            )
    again: list[int] = []
    assert job.take_up_left(again.append) == again == [gone, killed]


def test_a_unit_without_recent_cases_fails_with_one_sentence(client: Any) -> None:
    number = ask(
        client,
    ).json()["id"]
    one = whatif.get(number, b.scope())
    one.as_of = b.NOW + 40 * b.DAY
    one.save(update_fields=["as_of"])
    job.run(number)
    told = scenes.get(client, f"/whatif/{number}").json()
    assert (told["state"], told["refusal"]["code"]) == ("failed", "whatif.no_cases")
    assert "病例" in told["refusal"]["message"]["zh"]


@pytest.mark.parametrize(
    ("given", "status", "code", "option"),
    [
        ({"unit": b.OTHER_COUNTY}, 404, "units.unknown", None),
        ({"against": "other"}, 400, "whatif.unknown_option", "other"),
        ({"options": []}, 400, "whatif.options", None),
        ({"options": [{"name": "nothing", "compliance": 2}]}, 400, "whatif.range", "nothing"),
        ({"options": [{"name": "nothing", "wishes": 1}]}, 400, "whatif.unknown_key", "nothing"),
        ({"title": " "}, 400, "whatif.title", None),
        ({"unit": b.VILLAGE}, 400, "whatif.unit", None),
        (
            {"options": [{"name": "nothing"}, {"name": "l", "areas": [{"units": ["9"]}]}]},
            400,
            "whatif.unknown_area",
            "l",
        ),
    ],
)
def test_bad_questions_are_refused_at_once_and_name_the_option(
    client: Any, given: dict[str, Any], status: int, code: str, option: str | None
) -> None:
    answer = ask(client, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["facts"].get("option") == option
    assert answer.json()["message"]["zh"]
    assert ports.compared == []


def test_only_what_waits_can_be_withdrawn(client: Any, computed: None) -> None:
    number = ask(client).json()["id"]
    withdrawn = scenes.post(client, f"/whatif/{number}/withdraw", {}, key="w")
    assert withdrawn.json()["state"] == "withdrawn"
    job.run(number)
    assert whatif.get(number, b.scope()).state == "withdrawn"
    again = scenes.post(client, f"/whatif/{number}/withdraw", {}, key="w2")
    assert (again.status_code, again.json()["code"]) == (409, "whatif.wrong_state")


def test_an_option_becomes_a_proposal_with_the_comparison_as_evidence(
    client: Any, computed: None
) -> None:
    number = ask(client).json()["id"]
    early = scenes.post(client, f"/whatif/{number}/propose", {"option": "lock"}, key="p0")
    assert (early.status_code, early.json()["code"]) == (409, "whatif.not_done")
    job.run(number)
    asked = {"option": "lock", "reason": "减半"}
    made_ = scenes.post(client, f"/whatif/{number}/propose", asked, key="p")
    assert made_.status_code == 200, made_.content.decode()
    proposal = periods.get(made_.json()["proposal"], b.scope())
    assert (proposal.kind, proposal.state) == ("whatif", "waiting")
    assert proposal.subject == {"whatif": number, "option": "lock"}
    chosen = next(row for row in proposal.content["alternatives"] if row["chosen"])
    days = next(cost for cost in chosen["costs"] if cost["key"] == "person_days")
    assert (days["value"], days["low"], days["high"]) == (300.0, 300.0, 300.0)
    reasons = proposal.content["reasons"]
    assert reasons[0]["facts"] == {"comparison": number, "option": "lock"}
    assert "-13" in reasons[1]["text"]["zh"]
    told = scenes.get(
        scenes.signed_in((b.CITY, "commander"), name="c"), f"/proposals/{proposal.pk}"
    )
    assert told.status_code == 200, told.content.decode()


def test_the_form_has_areas_means_and_templates_that_can_be_asked(client: Any) -> None:
    told = scenes.get(client, "/whatif/form", unit=b.COUNTY).json()
    assert (told["unit"]["code"], told["cases"]) == (b.COUNTY, 1)
    kinds = {area["code"]: area["kind"] for area in told["areas"]}
    assert (kinds[b.COUNTY], kinds[b.VILLAGE]) == ("county", "village")
    assert told["capacities"]["rooms"] == [["room", 2]]
    assert told["capacities"]["transfers_per_day"] == 7 * 4
    traced = next(one["tracing"] for one in told["templates"] if one["name"] == "trace_only")
    assert "market" not in dict(traced["close_min"])  # left to field judgement
    assert dict(traced["close_min"])["restaurant"] == 2
    assert dict(traced["near"]) == {"bus": 0.05}
    names = [one["name"] for one in told["templates"]]
    assert names[:2] == ["nothing_more", "trace_only"]
    assert names[-1] == "county_locked"
    raw = [{k: v for k, v in one.items() if k != "told"} for one in told["templates"]]
    assert ask(client, options=raw, against="nothing_more").status_code == 202


def test_every_figure_of_the_pack_is_read_by_somebody() -> None:
    folder = Path(compute.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    keys = reader.load("what-if").figures()
    assert [key for key in keys if key.split(".")[-1] not in code] == []


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.EPIDEMIOLOGIST, Role.LOCAL_STAFF])
def test_lists_cost_the_same_however_many_there_are(client: Any, role: Role) -> None:
    reader_ = scenes.signed_in((b.CITY, role.value), name="reader")
    counts = []
    for n in range(2):
        for one in range(3):
            scenes.compared(b.COUNTY, title=f"{n} {one}")
        with CaptureQueriesContext(connection) as queries:
            assert len(scenes.get(reader_, "/whatif").json()["items"]) == 3 * (n + 1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11
    page = scenes.get(reader_, "/whatif", limit=4).json()
    rest = scenes.get(reader_, "/whatif", limit=4, after=page["next"]).json()
    numbers = [one["id"] for one in page["items"] + rest["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(numbers), rest["next"]) == (6, None)


def test_who_only_reads_may_not_ask(client: Any) -> None:
    answer = ask(scenes.signed_in((b.CITY, "local_staff"), name="local"))
    assert (answer.status_code, answer.json()["code"]) == (403, "permissions.missing")


def test_made_people_live_in_every_village_and_cases_begin_where_they_live(client: Any) -> None:
    where = place(units.get(b.COUNTY))
    small = {one.code: 0 for one in where.villages}
    margins = residents.margins((b.COUNTY,))
    assert margins.ages.sum() > 500_000
    tiny = residents.synthetic.Margins(**{**vars(margins), "ages": margins.ages // 400})
    population = residents.synthetic.synthetic(tiny, seed=1)
    cells = residents._cells_made(population, where)
    assert set(cells) == set(small)
    named = residents._named(population, where, cells)
    town = units.get(b.VILLAGE).path.split("/")[3]
    inside = set(named.units[town].tolist())
    assert set(named.units[b.VILLAGE].tolist()) <= inside < set(named.units[b.COUNTY].tolist())
    rows = beginning.registered(where.unit["path"], b.NOW, window_d=14)
    start = beginning.start(rows, named, b.NOW, seed=1, isolation_d=7)
    home = np.searchsorted(population.people.cell_start, start.person, side="right") - 1
    assert home.tolist()[0] in named.units[rows[0]["unit"]]
    assert start.onset_day.tolist() == [(dt.date(2022, 11, 5) - FIRST).days]
    assert start.found_h[0] < 0
    assert start.infected_day.tolist() == [NEVER]


def test_a_province_counts_the_people_on_file_and_begins_where_cases_are(client: Any) -> None:
    where = place(units.get(b.CITY))
    figures = reader.load("what-if").group("whatif.counties")
    made_ = province.people(where, figures)
    at = made_.codes.index(b.COUNTY)
    on_file = [where.people(one) for one in where.counties]
    assert made_.people.sum(axis=1).tolist() == [max(1, count) for count in on_file]
    everybody = province.people(type(where)(where.unit, where.counties, where.below, {}), figures)
    course = province.matched.matched(
        province.SYNTHETIC, isolated_d=10, to_hospital_d=9, in_hospital_d=8
    )
    rows = beginning.registered(where.unit["path"], b.NOW, window_d=14)
    counted = province.registered(where, rows)
    start = province.begun.start(everybody, course, counted, unfound=3)
    assert start.sum() == everybody.people.sum()
    infected = start[:, :, stages.FIRST :].sum(axis=(1, 2))
    assert infected[at] == 3 * len(rows)
    assert infected.sum() == infected[at]


def test_figures_that_are_none_are_told_as_none() -> None:
    told = answering.told(made(("a", "b")), against="a", first_day=FIRST, facts={"seed": 1})
    share = [row for row in told["totals"] if row["measure"] == "in_quarantine_share"]
    assert [row["mean"] for row in share] == [None, None]
