"""The packs of school, enteric, rash, vector-borne and unexplained disease, by their tables.

A row of `TABLE` is a line of the reporting standards: so many different people of one group within
so many days.  The figures stand here a second time on purpose: who changes one must mean it.
"""

import datetime as dt

import pyarrow as pa
import pytest

from zhongshu.rules import reader, thresholds

TODAY = dt.date(2026, 3, 11)
DAY = dt.timedelta(days=1)

ILI = {"syndrome": "ili", "disease": "influenza", "status": "clinical"}
FOOD = {"disease": "food-poisoning", "status": "clinical"}


def ill(disease, **more):
    return {"disease": disease, "status": "confirmed", **more}


DIARRHOEA, UNEXPLAINED = "infectious-diarrhoea", "unexplained-cluster"
PNEUMONIA = {"syndrome": "unexplained-pneumonia"}
LIKE_SYMPTOMS = ("fever", "rash", "diarrhoea", "vomiting", "jaundice")
SPANS = (("day", 3, 1), ("run", 5, 3))
LOCAL_DENGUE = ill("dengue", local=True)
SCHOOL = {"site_kind": "school"}
BLOOD = {"by_transfusion": True}
LOW = {"county_rate_last_year": 4.9}

# pack, threshold, column of the group, who is counted, people, days, what is proposed
TABLE = [
    ("influenza-school", "ili-phone", "site", ILI, 10, 7, "cluster"),
    ("influenza-school", "ili-event", "site", ILI, 30, 7, "event"),
    ("influenza-school", "ili-event", "site", ILI | {"hospitalised": True}, 5, 7, "event"),
    ("influenza-school", "ili-event", "site", ILI | {"died": True}, 2, 7, "event"),
    ("norovirus", "local-cluster", "site", ill("norovirus") | SCHOOL, 10, 7, "cluster"),
    ("norovirus", "cluster", "site", ill("norovirus", linked=True), 5, 3, "cluster"),
    ("norovirus", "outbreak", "site", ill("norovirus", linked=True), 20, 7, "outbreak"),
    ("norovirus", "event-site", "site", ill("norovirus"), 20, 7, "event"),
    ("norovirus", "event-site", "site", ill("norovirus", died=True), 1, 7, "event"),
    ("norovirus", "event-village", "village", ill("norovirus"), 20, 7, "event"),
    ("norovirus", "event-village", "village", ill("norovirus", died=True), 1, 7, "event"),
    ("hand-foot-mouth", "cluster-unit", "site", ill("hand-foot-mouth"), 5, 7, "cluster"),
    ("hand-foot-mouth", "cluster-class", "class", ill("hand-foot-mouth"), 2, 7, "cluster"),
    ("hand-foot-mouth", "cluster-dorm", "dorm", ill("hand-foot-mouth"), 2, 7, "cluster"),
    ("hand-foot-mouth", "cluster-village", "village", ill("hand-foot-mouth"), 3, 7, "cluster"),
    ("hand-foot-mouth", "cluster-family", "household", ill("hand-foot-mouth"), 2, 7, "cluster"),
    ("hand-foot-mouth", "outbreak-unit", "site", ill("hand-foot-mouth"), 10, 7, "outbreak"),
    ("hand-foot-mouth", "outbreak-village", "village", ill("hand-foot-mouth"), 5, 7, "outbreak"),
    ("measles", "outbreak-unit", "site", ill("measles"), 2, 10, "outbreak"),
    ("measles", "outbreak-village", "village", ill("measles"), 2, 10, "outbreak"),
    ("measles", "outbreak-township", "township", ill("measles"), 5, 10, "outbreak"),
    ("measles", "single-case", "county", ill("measles") | LOW, 1, 10, "event"),
    ("dengue", "event-county", "county", ill("dengue"), 5, 7, "event"),
    ("dengue", "event-county", "county", ill("dengue", first_of_year=True), 1, 7, "event"),
    ("dengue", "cluster-site", "site", LOCAL_DENGUE, 3, 14, "cluster"),
    ("cholera", "any-case", "county", ill("cholera"), 1, 7, "event"),
    (UNEXPLAINED, "pneumonia", "county", PNEUMONIA, 1, 7, "event"),
    (UNEXPLAINED, "new-disease", "county", ill("plague", first_in_county=True), 1, 7, "event"),
    (UNEXPLAINED, "new-disease", "county", ill("rabies", county_years_absent=5), 1, 7, "event"),
    (UNEXPLAINED, "cluster-site", "site", ill("unexplained"), 3, 14, "event"),
    (UNEXPLAINED, "cluster-village", "village", ill("unexplained"), 3, 14, "event"),
    ("food-poisoning", "people", "meal", FOOD, 30, 3, "event"),
    ("food-poisoning", "deaths", "county", FOOD | {"died": True}, 1, 3, "event"),
    ("food-poisoning", "site", "site", FOOD | SCHOOL, 5, 3, "event"),
    ("food-poisoning", "major-event", "meal", FOOD | {"major_event": True}, 5, 3, "event"),
    ("varicella", "event-unit", "site", ill("varicella"), 10, 7, "event"),
    ("varicella", "cluster-school", "site", ill("varicella") | SCHOOL, 5, 7, "cluster"),
    ("mumps", "event-unit", "site", ill("mumps"), 10, 7, "event"),
    ("mumps", "cluster-school", "site", ill("mumps") | SCHOOL, 5, 7, "cluster"),
    ("scarlet-fever", "event-unit", "site", ill("scarlet-fever"), 10, 7, "event"),
    ("rubella", "cluster-school", "site", ill("rubella") | SCHOOL, 5, 7, "cluster"),
    ("hepatitis-a", "event-unit", "site", ill("hepatitis-a"), 5, 7, "event"),
    ("hepatitis-e", "event-unit", "site", ill("hepatitis-e"), 5, 7, "event"),
    ("typhoid", "event-unit", "site", ill("typhoid"), 5, 7, "event"),
    (DIARRHOEA, "event-site", "site", ill(DIARRHOEA), 20, 7, "event"),
    (DIARRHOEA, "event-site", "site", ill(DIARRHOEA, died=True), 1, 7, "event"),
    (DIARRHOEA, "event-village", "village", ill(DIARRHOEA), 20, 7, "event"),
    (DIARRHOEA, "event-village", "village", ill(DIARRHOEA, died=True), 1, 7, "event"),
    ("dysentery", "event-school", "site", ill("dysentery") | SCHOOL, 10, 3, "event"),
    ("dysentery", "event-school", "site", ill("dysentery", died=True) | SCHOOL, 2, 3, "event"),
    ("conjunctivitis", "cluster-school", "site", ill("conjunctivitis") | SCHOOL, 3, 7, "cluster"),
    ("transfusion-infection", "event-site", "site", ill("hepatitis-b") | BLOOD, 3, 365, "event"),
    ("transfusion-infection", "event-site", "site", ill("hepatitis-c") | BLOOD, 3, 365, "event"),
    ("transfusion-infection", "event-site", "site", ill("hiv") | BLOOD, 3, 365, "event"),
    *(
        ("school-symptom", f"{group}-{name}-{span}", group, facts | SCHOOL, people, days, "signal")
        for group in ("class", "dorm")
        for name, facts in (
            *((symptom, {"symptoms": [symptom]}) for symptom in LIKE_SYMPTOMS),
            ("meal", {"shared_meal": True}),
        )
        for span, people, days in SPANS
    ),
]  # fmt: skip
# Measures and shares have tables of their own below.
ELSEWHERE = {
    ("influenza-school", "class-new"),
    ("influenza-school", "class-share"),
    ("influenza-school", "class-share-absence"),
    ("influenza-school", "class-severe"),
    ("hand-foot-mouth", "close-class"),
    ("hand-foot-mouth", "close-unit"),
    ("measles", "county-week"),
}
PACKS = sorted({row[0] for row in TABLE})
ROWS = pytest.mark.parametrize(
    ("pack_id", "threshold", "group", "facts", "people", "days", "level"), TABLE
)


def pack_of(pack_id):
    return reader.in_force(pack_id, on=TODAY)


def one(person, *, group, day=TODAY, where="A", **facts):
    return {"person": person, "day": day, group: where, **facts}


def crowd(number, *, group, day=TODAY, where="A", **facts):
    """So many different people of one group on one day."""
    return [one(f"{where}{n}", group=group, day=day, where=where, **facts) for n in range(number)]


def groups(pack_id, threshold, rows, *, of="illness"):
    """The groups that reach the threshold on the last day."""
    names = sorted({name for row in rows for name in row})
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    found = thresholds.crossed(pack_of(pack_id), table, of=of, on=TODAY, only=[threshold])
    return {crossing.group: crossing for crossing in found}


def test_every_threshold_of_these_packs_has_a_line_in_a_table():
    lines = {row[:2] for row in TABLE} | ELSEWHERE
    assert lines == {(name, threshold) for name in PACKS for threshold in pack_of(name).thresholds}


@ROWS
def test_below_the_number_nothing_at_it_and_above_it_a_proposal(
    pack_id, threshold, group, facts, people, days, level
):
    if people > 1:
        assert not groups(pack_id, threshold, crowd(people - 1, group=group, **facts))
    for enough in (people, people + 1):
        found = groups(pack_id, threshold, crowd(enough, group=group, **facts))
        assert found["A"].outcome["propose"] == "event"
        assert found["A"].outcome["level"] == level


@ROWS
def test_the_window_slides_over_its_days_and_no_day_more(
    pack_id, threshold, group, facts, people, days, level
):
    rest = crowd(people - 1, group=group, **facts)
    first_day = one("early", group=group, day=TODAY - (days - 1) * DAY, **facts)
    the_day_before = one("early", group=group, day=TODAY - days * DAY, **facts)
    tomorrow = one("late", group=group, day=TODAY + DAY, **facts)
    assert groups(pack_id, threshold, [*rest, first_day])
    assert not groups(pack_id, threshold, [*rest, the_day_before])
    assert not groups(pack_id, threshold, [*rest, tomorrow])


@ROWS
def test_nobody_counts_twice_and_nobody_of_another_group(
    pack_id, threshold, group, facts, people, days, level
):
    rest = crowd(people - 1, group=group, **facts)
    if rest:
        assert not groups(pack_id, threshold, [*rest, *rest])
    stranger = one("stranger", group=group, where="B", **facts)
    assert "A" not in groups(pack_id, threshold, [*rest, stranger])


@ROWS
def test_what_reaches_a_threshold_can_be_reported_in_time(
    pack_id, threshold, group, facts, people, days, level
):
    outcome = pack_of(pack_id).thresholds[threshold].then
    if level in {"event", "outbreak", "signal"}:
        assert outcome.report in pack_of(pack_id).clocks
    else:
        assert outcome.report or outcome.task


# A threshold of one disease is not reached by another, nor by those who were only suspected.
@pytest.mark.parametrize(
    ("pack_id", "threshold", "group", "facts", "people"),
    [
        ("measles", "outbreak-unit", "site", ill("rubella"), 9),
        ("measles", "outbreak-unit", "site", {"disease": "measles", "status": "suspected"}, 9),
        ("measles", "single-case", "county", ill("measles", county_rate_last_year=5.0), 1),
        ("measles", "single-case", "county", ill("measles"), 1),
        ("dengue", "cluster-site", "site", ill("dengue", local=False), 9),
        ("norovirus", "cluster", "site", ill("norovirus", linked=False), 9),
        ("norovirus", "local-cluster", "site", ill("norovirus", site_kind="workplace"), 12),
        ("food-poisoning", "site", "site", FOOD | {"site_kind": "restaurant"}, 9),
        ("food-poisoning", "major-event", "meal", FOOD, 9),
        (UNEXPLAINED, "new-disease", "county", ill("rabies", county_years_absent=4), 1),
        ("transfusion-infection", "event-site", "site", ill("hiv", by_transfusion=False), 9),
        ("transfusion-infection", "event-site", "site", ill("syphilis") | BLOOD, 9),
        ("influenza-school", "ili-event", "site", ILI | {"syndrome": "rash"}, 40),
        ("school-symptom", "class-fever-day", "class", {"symptoms": ["rash"]} | SCHOOL, 9),
    ],
)
def test_what_does_not_count(pack_id, threshold, group, facts, people):
    assert not groups(pack_id, threshold, crowd(people, group=group, **facts))


# --- influenza: when a class is suspended (TH-3) --------------------------------------------------


@pytest.mark.parametrize(("new", "suspended"), [(4, False), (5, True), (6, True)])
def test_a_class_with_five_new_cases_in_a_day_is_suspended(new, suspended):
    yesterday = [
        one(f"y{n}", group="class", day=TODAY - DAY, syndrome="ili") for n in range(5 - new)
    ]
    rows = [*crowd(new, group="class", syndrome="ili"), *yesterday]
    found = groups("influenza-school", "class-new", rows)
    assert bool(found) is suspended
    if suspended:
        assert found["A"].outcome == {"measure": "class_suspension"}


# of 40: 30 per cent are 12; of 41: 12.3, so 13
@pytest.mark.parametrize(
    ("ill_now", "recovered", "size", "suspended"),
    [(11, 0, 40, False), (12, 0, 40, True), (13, 0, 40, True), (12, 0, 41, False),
     (13, 0, 41, True), (11, 9, 40, False)],
)  # fmt: skip
def test_a_class_with_thirty_per_cent_ill_now_is_suspended(ill_now, recovered, size, suspended):
    rows = crowd(ill_now, group="class", day=TODAY - DAY, syndrome="ili", ill=True, class_size=size)
    rows += [
        one(f"r{n}", group="class", syndrome="ili", ill=False, class_size=size)
        for n in range(recovered)
    ]
    assert bool(groups("influenza-school", "class-share", rows)) is suspended


@pytest.mark.parametrize(("absent", "suspended"), [(11, False), (12, True), (13, True)])
def test_the_share_holds_for_a_count_of_absences_too(absent, suspended):
    row = {"day": TODAY, "class": "A", "syndrome": "ili", "count": absent, "class_size": 40}
    found = groups("influenza-school", "class-share-absence", [row], of="absence")
    assert bool(found) is suspended


@pytest.mark.parametrize(
    ("severe", "laboratory", "suspended"), [(1, True, False), (2, True, True), (3, False, False)]
)
def test_two_confirmed_in_hospital_or_dead_within_a_week_suspend_a_class(
    severe, laboratory, suspended
):
    ways = [{"hospitalised": True, "died": False}, {"hospitalised": False, "died": True}]
    rows = [
        one(f"p{n}", group="class", day=TODAY - n * DAY, disease="influenza",
            laboratory=laboratory, **ways[n % 2])
        for n in range(severe)
    ]  # fmt: skip
    assert bool(groups("influenza-school", "class-severe", rows)) is suspended


def test_the_guide_of_2012_suspends_no_class():
    early = reader.in_force("influenza-school", on=dt.date(2016, 3, 1))
    assert "TH-3" not in early.rules
    assert set(early.thresholds) == {"ili-phone", "ili-event"}


# --- measles: more than in former years (TH-6) ----------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "mean", "event"), [(5, 3.0, False), (6, 3.0, True), (7, 3.0, True), (9, None, False)]
)
def test_a_county_week_twice_its_mean_of_five_years_is_an_event(cases, mean, event):
    rows = crowd(cases, group="county", county_week_mean=mean, **ill("measles"))
    assert bool(groups("measles", "county-week", rows)) is event


# --- hand, foot and mouth disease: what is closed (TH-11) -----------------------------------------


@pytest.mark.parametrize(("cases", "closed"), [(1, False), (2, True)])
def test_a_class_with_two_cases_is_closed(cases, closed):
    rows = crowd(cases, group="class", **ill("hand-foot-mouth"))
    assert bool(groups("hand-foot-mouth", "close-class", rows)) is closed


@pytest.mark.parametrize(("cases", "closed"), [(9, False), (10, True)])
def test_an_institution_with_ten_cases_is_closed(cases, closed):
    rows = crowd(cases, group="site", **ill("hand-foot-mouth"))
    found = groups("hand-foot-mouth", "close-unit", rows)
    assert [one.outcome["measure"] for one in found.values()] == ["close_site"] * closed


# --- what the sources say and what they do not ----------------------------------------------------


def test_what_was_only_recalled_is_never_shown_as_read():
    recalled = {
        "norovirus": {
            "threshold.cluster",
            "threshold.outbreak",
            "norovirus.home",
            "norovirus.carrier",
        },
        "measles": {"report.investigation_h", "contact.", "isolation."},
        "dengue": {"zone.core_radius_m", "zone.ring_radius_m", "end."},
        "cholera": {"contact.watch_days", "end."},
        "unexplained-cluster": {"threshold.cluster"},
        "rubella": {"report.investigation_h"},
    }
    for pack_id in PACKS:
        starts = tuple(recalled.get(pack_id, ()))
        for key, figure in pack_of(pack_id).figures().items():
            if starts and key.startswith(starts):
                assert figure.mark == "R", (pack_id, key)
            else:
                assert figure.mark in {"V", "D"}, (pack_id, key)


def test_only_what_a_source_calls_local_may_be_tightened_locally():
    allowed = {name: pack_of(name).may_tighten for name in PACKS if pack_of(name).may_tighten}
    assert allowed == {
        "hand-foot-mouth": ("return.days_after_onset",),
        "mumps": ("threshold.cluster.cases",),
        "norovirus": ("threshold.local.cases",),
        "rubella": ("threshold.cluster.cases",),
        "varicella": ("threshold.cluster.cases",),
    }


@pytest.mark.parametrize(("code", "region"), [("360000000000", "II"), ("140000000000", "III")])
def test_the_provinces_have_the_dengue_class_that_was_published_in_2025(code, region):
    assert pack_of("dengue").value(f"region.class.{code}") == region
    assert reader.in_force("dengue", on=dt.date(2025, 8, 11)).get(f"region.class.{code}") is None
