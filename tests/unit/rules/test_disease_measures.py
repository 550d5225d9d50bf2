"""What the disease packs say of one ill person, class, area or outbreak; when clocks are due."""

import datetime as dt

import pytest

from zhongshu.rules import clocks, judge, reader

NOW = dt.datetime(2026, 3, 11, 4, tzinfo=dt.UTC)  # noon in Beijing


def pack_of(pack_id):
    return reader.in_force(pack_id, on=dt.date(2026, 3, 11))


@pytest.mark.parametrize(
    ("temperature_c", "cough", "sore_throat", "counts"),
    [(37.9, True, True, False), (38.0, True, False, True), (38.0, False, True, True),
     (39.5, False, False, False), (None, True, True, False)],
)  # fmt: skip
def test_influenza_like_illness_is_fever_with_cough_or_sore_throat(
    temperature_c, cough, sore_throat, counts
):
    facts = {"temperature_c": temperature_c, "cough": cough, "sore_throat": sore_throat}
    assert judge.judge(pack_of("influenza-school"), "TH-4", facts).held is counts


@pytest.mark.parametrize(
    ("index", "level"),
    [(0, "none"), (4.9, "none"), (5, "spread"), (9.9, "spread"), (10, "cluster"),
     (20, "cluster"), (20.1, "outbreak")],
)  # fmt: skip
def test_a_breteau_index_has_exactly_one_level(index, level):
    held = judge.judge_all(pack_of("dengue"), "site", {"breteau_index": index, "now": NOW})
    assert [one.outcome["level"] for one in held] == [level]


@pytest.mark.parametrize(
    ("met_on", "contact"),
    [("2026-03-05", False), ("2026-03-06", True), ("2026-03-10", True), ("2026-03-14", True),
     ("2026-03-15", False)],
)  # fmt: skip
def test_who_met_a_measles_case_four_days_around_the_rash_is_a_contact(met_on, contact):
    facts = {"rash_date": "2026-03-10", "last_exposure": f"{met_on}T20:00:00+08:00"}
    assert judge.judge(pack_of("measles"), "TH-6b", facts).held is contact


@pytest.mark.parametrize(
    ("hours", "immune", "vaccinate"),
    [(71, False, True), (72, False, True), (73, False, False), (10, True, False)],
)
def test_a_contact_without_immunity_is_vaccinated_within_72_hours(hours, immune, vaccinate):
    facts = {
        "disease": "measles",
        "immune": immune,
        "first_exposure": NOW - dt.timedelta(hours=hours),
        "now": NOW,
    }
    assert judge.judge(pack_of("measles"), "TH-7c", facts).held is vaccinate


def test_a_measles_case_is_isolated_to_the_end_of_the_fourth_day_after_the_rash():
    facts = {"disease": "measles", "rash_date": "2026-03-10", "now": NOW}
    found = judge.judge(pack_of("measles"), "TH-7b", facts)
    assert dt.datetime.fromisoformat(found.outcome["until"]) == dt.datetime(
        2026, 3, 14, 16, tzinfo=dt.UTC
    )


# --- releases: named conditions, all of which must hold


def ago(hours):
    return NOW - dt.timedelta(hours=hours)


def negatives(*hours_ago):
    samples = [{"sampled_at": ago(hours), "result": "negative"} for hours in hours_ago]
    return {"negatives_since_positive": samples}


def well(*, fever, symptoms):
    """So many hours without fever and without symptoms."""
    return {"afebrile_since": ago(fever), "symptom_free_since": ago(symptoms)}


CURED, ILL_STILL = {"released": True}, {"released": False}

# pack, rule, facts, conditions that do not hold yet
RELEASES = [
    # a class: four days without lessons, the first of which is day 1
    ("influenza-school", "TH-3", {"suspended_at": "2026-03-08T08:00:00+08:00"}, ["days_done"]),
    ("influenza-school", "TH-3", {"suspended_at": "2026-03-07T08:00:00+08:00"}, []),
    # a pupil: no fever and 48 hours without symptoms
    ("influenza-school", "TH-3b", well(fever=60, symptoms=47), ["symptom_free"]),
    ("influenza-school", "TH-3b", well(fever=60, symptoms=48), []),
    ("influenza-school", "TH-3b", {"symptom_free_since": ago(49)}, ["afebrile"]),
    ("influenza-school", "TH-3b", {}, ["afebrile", "symptom_free"]),
    # norovirus: a patient at home, a cook without symptoms
    ("norovirus", "TH-10c", {"symptom_free_since": ago(71)}, ["symptom_free"]),
    ("norovirus", "TH-10c", {"symptom_free_since": ago(72)}, []),
    ("norovirus", "TH-10d", negatives(30), ["two_negative", "apart"]),
    ("norovirus", "TH-10d", negatives(30, 7), ["apart"]),
    ("norovirus", "TH-10d", negatives(30, 6), []),
    # hand, foot and mouth disease: ten days closed, fourteen days since onset
    ("hand-foot-mouth", "TH-11c", {"suspended_at": "2026-03-02T08:00:00+08:00"}, ["days_done"]),
    ("hand-foot-mouth", "TH-11c", {"suspended_at": "2026-03-01T08:00:00+08:00"}, []),
    ("hand-foot-mouth", "TH-11d", {"onset_date": "2026-02-26"}, ["days_since_onset"]),
    ("hand-foot-mouth", "TH-11d", {"onset_date": "2026-02-25"}, []),
    # measles: the fourth day after the rash is still isolated
    ("measles", "TH-7b", {"rash_date": "2026-03-07"}, ["days_done"]),
    ("measles", "TH-7b", {"rash_date": "2026-03-06"}, []),
    # dengue: 25 days and the index
    ("dengue", "TH-14b", {"last_case_on": "2026-02-15", "breteau_index": 5}, ["no_new_case"]),
    ("dengue", "TH-14b", {"last_case_on": "2026-02-14", "breteau_index": 5}, []),
    ("dengue", "TH-14b", {"last_case_on": "2026-02-14", "breteau_index": 5.1}, ["index_low"]),
    ("dengue", "TH-14b", {"last_case_on": "2026-02-14"}, ["index_low"]),
    # cholera: a case, then the outbreak
    ("cholera", "TH-15c", negatives(48, 24), []),
    ("cholera", "TH-15c", negatives(48, 25), ["apart"]),
    ("cholera", "TH-15c", negatives(24), ["two_negative", "apart"]),
    ("cholera", "TH-15c", {}, ["two_negative", "apart"]),
    ("cholera", "TH-15d", {"rows": [CURED], "last_case_on": "2026-03-06"}, []),
    ("cholera", "TH-15d", {"rows": [CURED], "last_case_on": "2026-03-07"}, ["no_new_case"]),
    ("cholera", "TH-15d", {"rows": [CURED, ILL_STILL], "last_case_on": "2026-03-06"}, [
        "cases_released"
    ]),
    ("cholera", "TH-15d", {"rows": [], "last_case_on": "2026-03-01"}, ["cases_released"]),
]  # fmt: skip


@pytest.mark.parametrize(("pack_id", "rule", "facts", "open_still"), RELEASES)
def test_what_ends_a_measure(pack_id, rule, facts, open_still):
    found = judge.release(pack_of(pack_id), rule, facts | {"now": NOW})
    assert [one.id for one in found if not one.held] == open_still


# --- clocks --------------------------------------------------------------------------------------

AT = "2026-03-11T10:30:00+08:00"


@pytest.mark.parametrize(
    ("pack_id", "clock", "due", "mark"),
    [
        ("influenza-school", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("influenza-school", "class-suspension", "2026-03-15T00:00:00+08:00", "V"),
        ("influenza-school", "return-to-class", "2026-03-13T10:30:00+08:00", "V"),
        ("norovirus", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("norovirus", "stay-home", "2026-03-14T10:30:00+08:00", "R"),
        ("hand-foot-mouth", "event-report", "2026-03-12T10:30:00+08:00", "V"),
        ("hand-foot-mouth", "cdc-acts", "2026-03-12T10:30:00+08:00", "V"),
        ("hand-foot-mouth", "site-closing", "2026-03-21T00:00:00+08:00", "V"),
        ("measles", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("measles", "blood-to-lab", "2026-03-12T10:30:00+08:00", "V"),
        ("measles", "case-investigation", "2026-03-13T10:30:00+08:00", "R"),
        ("measles", "case-isolation", "2026-03-16T00:00:00+08:00", "R"),
        ("measles", "contact-watch", "2026-04-02T00:00:00+08:00", "R"),
        ("measles", "contact-vaccine", "2026-03-14T10:30:00+08:00", "R"),
        ("rubella", "case-investigation", "2026-03-13T10:30:00+08:00", "R"),
        ("dengue", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("dengue", "survey-core", "2026-03-14T00:00:00+08:00", "V"),
        ("dengue", "survey-again", "2026-03-15T00:00:00+08:00", "V"),
        ("dengue", "survey-ring", "2026-03-19T00:00:00+08:00", "V"),
        ("cholera", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("cholera", "contact-watch", "2026-03-17T00:00:00+08:00", "R"),
        ("unexplained-cluster", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("school-symptom", "school-report", "2026-03-12T10:30:00+08:00", "V"),
        ("food-poisoning", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("varicella", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("mumps", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("scarlet-fever", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("hepatitis-a", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("hepatitis-e", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("typhoid", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("infectious-diarrhoea", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("dysentery", "event-report", "2026-03-11T12:30:00+08:00", "V"),
        ("transfusion-infection", "event-report", "2026-03-11T12:30:00+08:00", "V"),
    ],
)
def test_when_a_clock_that_began_on_a_morning_is_due(pack_id, clock, due, mark):
    pack = pack_of(pack_id)
    found = pack.clocks[clock]
    assert clocks.due(found, AT, pack=pack) == dt.datetime.fromisoformat(due)
    assert pack.figure(found.length).mark == mark


@pytest.mark.parametrize(
    ("cases_by_class", "closed"),
    [([2, 2], False), ([2, 2, 1], False), ([2, 2, 2], True), ([5, 2, 2, 0], True), ([9], False)],
)
def test_three_classes_with_two_cases_each_close_the_institution(cases_by_class, closed):
    classes = [{"class": str(n), "cases_week": cases} for n, cases in enumerate(cases_by_class)]
    found = judge.judge(pack_of("hand-foot-mouth"), "TH-11c", {"classes": classes, "now": NOW})
    assert found.held is closed
    assert found.outcome.get("measure") == ("close_site" if closed else None)
