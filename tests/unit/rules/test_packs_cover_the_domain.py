"""Every row of the collected domain rules is a rule of some pack, with no better mark than it has.

A row: its id, the mark the collection gives it (R where recalled or our design, V where any part
was read), and the packs or versions that must tell it.  The marks stand here a second time on
purpose: nobody makes a recalled figure a verified one by changing a pack alone.
"""

import pytest

from zhongshu.rules import reader
from zhongshu.rules.model import Mark

BASE, TWENTY, TEN, B = "cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10", "cn-covid-b"
OLD, ZONES = "cn-covid-8", "cn-covid-8+zones"
GUIDE2, GUIDE3 = "cn-covid-8+zones+guide2", "cn-covid-8+zones+guide2+guide3"
PLANS = (OLD, BASE, TWENTY, TEN)
NINTH = (BASE, TWENTY, TEN)
CHAIN = "chain-of-command"

# Chapter 1: COVID-19.
COVID = [
    ("WHO-1", "V", (*PLANS, B)),
    ("WHO-2", "V", PLANS),
    ("WHO-3", "V", PLANS),
    ("WHO-4", "V", PLANS),
    ("WHO-5", "V", PLANS),
    ("WHO-6", "V", PLANS),
    ("WHO-7", "V", PLANS),
    ("WHO-8", "V", PLANS),
    ("WHO-9", "V", PLANS),
    ("WHO-10", "V", PLANS),
    ("WHO-11", "V", (*PLANS, B)),
    ("ISO-1", "V", (*PLANS, B)),
    ("ISO-2", "V", (*PLANS, B)),
    ("ISO-3", "V", PLANS),
    ("ISO-4", "V", PLANS),
    ("ISO-5", "V", PLANS),
    ("ISO-6", "V", NINTH),
    ("ISO-7", "V", PLANS),
    ("ISO-8", "V", (OLD,)),
    ("ISO-9", "V", (OLD,)),
    ("ISO-10", "V", PLANS),
    ("ISO-11", "R", NINTH),
    ("ISO-HOME", "R", PLANS),
    ("Z8-1", "V", (ZONES,)),
    ("Z8-2", "V", (ZONES,)),
    ("Z8-2-UP", "V", (ZONES,)),
    ("Z8-3", "V", (ZONES,)),
    ("Z8-4", "V", (ZONES,)),
    ("Z9-1", "V", (BASE,)),
    ("Z9-2", "V", (BASE,)),
    ("Z9-3", "V", (BASE,)),
    ("Z9-4", "V", NINTH),
    ("Z9-5", "V", NINTH),
    ("Z20-1", "V", (TWENTY,)),
    ("Z20-2", "V", (TWENTY, TEN)),
    ("Z10-1", "V", (TEN,)),
    ("Z10-2", "V", (TEN,)),
    ("Z10-3", "V", (TEN,)),
    ("Z10-4", "V", (TEN,)),
    ("Z10-5", "V", (TEN,)),
    ("Z-EV", "R", (ZONES, *NINTH)),
    ("Z-END", "V", (ZONES, *NINTH)),
    ("T-1", "V", (OLD, GUIDE2, GUIDE3, *NINTH)),
    ("T-2", "V", (OLD, GUIDE2, GUIDE3, *NINTH)),
    ("T-3", "V", (GUIDE2, GUIDE3, *NINTH)),
    ("T-4", "V", (OLD, GUIDE2, GUIDE3, *NINTH)),
    ("T-5", "V", (GUIDE2, GUIDE3, *NINTH)),
    ("T-6", "R", PLANS),
    ("T-6b", "V", PLANS),
    ("T-7", "V", NINTH),
    ("T-8", "V", (BASE, TWENTY)),
    ("T-9", "V", (BASE, TWENTY)),
    ("T-10", "V", (*NINTH, B)),
    ("T-11", "V", NINTH),
    ("T-12", "V", PLANS),
    ("T-13", "R", PLANS),
    ("T-14", "V", NINTH),
    ("T-15", "V", PLANS),
    ("T-16", "V", (*NINTH, B)),
    ("T-17", "V", (*NINTH, B)),
    ("T-18", "R", PLANS),
    ("T-19", "R", PLANS),
    ("FREQ-1", "V", NINTH),
    ("FREQ-2", "V", NINTH),
    ("FREQ-3", "V", NINTH),
    ("FREQ-4", "V", (TWENTY, TEN)),
    ("RPT-1", "V", (*PLANS, B)),
    ("RPT-2", "R", PLANS),
    ("RPT-3", "R", PLANS),
    ("RPT-4", "R", PLANS),
    ("RPT-5", "R", (*PLANS, B)),
    ("RPT-6", "R", PLANS),
    ("RPT-7", "R", PLANS),
    ("HC-1", "V", PLANS),
    ("HC-2", "V", (*PLANS, B)),
    ("HC-3", "V", PLANS),
    ("HC-4", "R", PLANS),
    ("HC-5", "R", (*PLANS, B)),
    ("HC-6", "V", (TEN, B)),
    ("HC-7", "R", PLANS),
    ("SITE-1", "V", PLANS),
    ("SITE-2", "R", NINTH),
    ("SITE-3", "V", NINTH),
    ("SITE-4", "V", PLANS),
    ("SITE-5", "R", PLANS),
    ("HOSP-1", "V", PLANS),
    ("HOSP-2", "V", (TEN, B)),
    ("HOSP-3", "R", (TWENTY, TEN, B)),
    ("HOSP-4", "V", PLANS),
    ("HOSP-5", "V", PLANS),
    ("HOSP-6", "R", PLANS),
    ("HOSP-7", "R", (*PLANS, B)),
    ("SUP-1", "R", (*PLANS, B)),
    ("SUP-2", "R", PLANS),
    ("SUP-3", "R", PLANS),
    ("SUP-4", "R", PLANS),
    ("SUP-5", "R", PLANS),
    ("DUTY-1", "V", PLANS),
    ("DUTY-2", "R", PLANS),
    ("DUTY-3", "V", NINTH),
    ("DIR-D", "R", (CHAIN,)),
    ("DIR-T", "R", (*PLANS, B)),
]

FLU, MEASLES, RUBELLA = "influenza-school+2018", "measles+2024", "rubella+2024"

# Chapter 2.3: thresholds of reports.
REPORTED = [
    ("TH-1", "V", ("influenza-school", FLU)),
    ("TH-2", "V", ("influenza-school", FLU)),
    ("TH-3", "V", (FLU,)),
    ("TH-4", "V", ("influenza-school", FLU)),
    ("TH-5", "V", ("varicella", "mumps", "scarlet-fever", "rubella")),
    ("TH-6", "V", ("measles", MEASLES)),
    ("TH-7", "R", (MEASLES, RUBELLA)),
    ("TH-8", "V", ("hepatitis-a", "hepatitis-e", "typhoid")),
    ("TH-9", "V", ("infectious-diarrhoea", "norovirus")),
    ("TH-10", "V", ("norovirus",)),
    ("TH-11", "V", ("hand-foot-mouth",)),
    ("TH-12", "V", ("dengue",)),
    ("TH-13", "V", ("dengue",)),
    ("TH-14", "V", ("dengue", "dengue+2025")),
    ("TH-15", "V", ("cholera",)),
    ("TH-16", "V", ("dysentery", "conjunctivitis")),
    ("TH-17", "V", ("school-symptom",)),
    ("TH-18", "V", ("food-poisoning",)),
    ("TH-19", "V", ("unexplained-cluster", "transfusion-infection")),
]

LAW, RESPONSE, FIRST_LAW = "law-2025", "law-2025+response", "law-2004"
MPOX_LAW = "law-2004+hfmd+h7n9+covid+clock+b+mpox"
LAWS = (FIRST_LAW, MPOX_LAW, LAW, RESPONSE)
GRADES, WARNING, HOTLINE = "event-grading", "warning-2025", "hotline"
SOURCES = "multi-source-warning"
SEVEN, ANNEX, KEPT = "seven-one-seven", "ihr-annex-2", "retention"

# Chapters 2.1, 2.2, 2.4, 2.5, 3 and 4: laws, grades, warning, hotline, frames, privacy.
# The collection numbers only LAW, P and S; the others are lines of its tables and lists.
STATUTORY = [
    ("LAW-1", "V", LAWS),
    ("LAW-2", "V", LAWS),
    ("LAW-3", "V", (LAW, RESPONSE)),
    ("LAW-3", "R", (FIRST_LAW, MPOX_LAW)),  # read in the rules of 2026 only
    ("LAW-4", "V", LAWS),
    ("LAW-5", "V", LAWS),
    ("LAW-6", "V", (LAW, RESPONSE)),
    ("LAW-7", "V", LAWS),
    ("LAW-8", "R", LAWS),
    ("LAW-9", "V", LAWS),
    ("LAW-10", "V", (RESPONSE,)),
    ("LAW-11", "V", (WARNING,)),
    ("LAW-12", "R", (LAW, RESPONSE)),
    *((f"EG-PLAGUE-P-{grade}", "V", (GRADES,)) for grade in ("III", "II", "I")),
    *((f"EG-PLAGUE-B-{grade}", "V", (GRADES,)) for grade in ("IV", "III", "II")),
    *((f"EG-CHOLERA-{grade}", "V", (GRADES,)) for grade in ("IV", "III", "II")),
    *((f"EG-SARS-{grade}", "V", (GRADES,)) for grade in ("II", "I")),
    *((f"EG-BC-{grade}", "V", (GRADES,)) for grade in ("III", "II")),
    *((f"EG-UNEXPLAINED-{grade}", "V", (GRADES,)) for grade in ("III", "II", "I")),
    *((f"EG-NEW-{grade}", "V", (GRADES,)) for grade in ("II", "I")),
    *((f"EG-STRAIN-{grade}", "V", (GRADES,)) for grade in ("II", "I")),
    *((f"EG-FOOD-{grade}", "V", (GRADES,)) for grade in ("IV", "III")),
    ("EG-FOOD-II", "R", (GRADES,)),
    ("EG-VACCINE-III", "V", (GRADES,)),
    ("EG-VACCINE-II", "R", (GRADES,)),
    ("UP-1", "V", (GRADES,)),
    ("UP-2", "V", (GRADES,)),
    ("WSRC-1", "V", (SOURCES,)),
    *((f"TRG-{number}", "R", (SOURCES,)) for number in range(1, 7)),
    ("SIGL-D", "R", (SOURCES,)),
    *((f"HOT-{number}", "V", (HOTLINE,)) for number in range(1, 7)),
    ("HOT-7D", "R", (HOTLINE,)),
    ("HOT-8", "R", (HOTLINE,)),
    *((f"S717-{number}", "V", (SEVEN,)) for number in range(1, 5)),
    ("FRAME-1", "R", (SEVEN,)),
    ("FRAME-2", "V", (SEVEN,)),
    ("FRAME-3", "R", (SEVEN,)),
    ("FRAME-4", "R", (SEVEN,)),
    ("IHR-1", "R", (ANNEX,)),
    ("IHR-2", "V", (ANNEX,)),
    ("IHR-3", "R", (ANNEX,)),
    ("IHR-4", "R", (ANNEX,)),
    *((f"P-{number}", "V", (KEPT,)) for number in range(1, 4)),
    *((f"P-{number}", "R", (KEPT,)) for number in range(4, 10)),
    ("HC-8", "R", (KEPT,)),
    *((f"S-{number}", "V", (KEPT,)) for number in range(1, 4)),
    *((f"S-{number}", "R", (KEPT,)) for number in range(4, 7)),
]

ROWS = [*COVID, *REPORTED, *STATUTORY]


@pytest.mark.parametrize(("rule_id", "mark", "versions"), ROWS, ids=[row[0] for row in ROWS])
def test_the_row_is_told_in_two_languages_and_never_surer_than_it_is(rule_id, mark, versions):
    for version in versions:
        rule = reader.load(version).rule(rule_id)
        assert any("一" <= letter <= "鿿" for letter in rule.text.zh), version
        assert rule.text.en, version
        if mark == "R":
            assert rule.mark is not Mark.READ, version
        elif rule.verified:
            assert rule.source, version


@pytest.mark.parametrize(
    ("key", "versions"),
    [
        ("isolation.close_contact.home_days", (TEN,)),
        ("isolation.arrival.central_days", (B,)),
        ("isolation.case.release_ct", NINTH),
        ("isolation.case.place", (OLD, BASE)),
        ("trace.overflow.lookback_days", (OLD, TWENTY)),
        ("trace.time_space.total_h", PLANS),
        ("test.people_per_point", PLANS),
        ("test.certificate_anchor", (BASE, TWENTY)),
        ("test.recollect_h", PLANS),
        ("test.recollect_result_h", PLANS),
        ("test.handover_h", PLANS),
        ("report.cluster.cases", (OLD,)),
        ("report.investigation_h", PLANS),
        ("report.core_facts_h", PLANS),
        ("report.contact_isolated_h", PLANS),
        ("report.case_to_hospital_h", PLANS),
        ("report.contacts_spread_h", PLANS),
        ("code.appeal_h", (*PLANS, B)),
        ("site.rooms_per_10000_target", NINTH),
        ("site.rooms_per_medical_team_max", PLANS),
        ("hospital.designated_icu_pct", (TWENTY, TEN, B)),
        ("hospital.city_infectious_beds.to_5m", PLANS),
        ("hospital.fangcang_beds_per_1000", PLANS),
        ("supply.grain_oil_days", PLANS),
        ("directive.sign_h", (*PLANS, B)),
        ("directive.escalate_two_pct", (CHAIN,)),
        ("signal.verify_h", (SOURCES,)),
        ("norovirus.home_h", ("norovirus",)),
        ("norovirus.carrier_gap_h", ("norovirus",)),
        ("threshold.cluster.cases", ("norovirus", "unexplained-cluster")),
        ("report.investigation_h", (MEASLES, RUBELLA)),
        ("contact.watch_days", (MEASLES, "cholera")),
        ("contact.vaccine_h", (MEASLES,)),
        ("isolation.days_after_rash", (MEASLES,)),
        ("zone.core_radius_m", ("dengue",)),
        ("zone.ring_radius_m", ("dengue",)),
        ("end.days", ("dengue", "cholera")),
        ("end.negative_stools", ("cholera",)),
        ("law.total", LAWS),
        ("grading.ratio_definition", (GRADES,)),
        ("grading.food.ii_min", (GRADES,)),
        ("grading.vaccine.ii_deaths", (GRADES,)),
        ("trigger.fever_clinic.sd", (SOURCES,)),
        ("trigger.absence.times", (SOURCES,)),
        ("signal.field_check_h", (SOURCES,)),
        ("hotline.life_min", (HOTLINE,)),
        ("hotline.green_channels", (HOTLINE,)),
        ("frame.span_max", (SEVEN,)),
        ("ihr.notify_h", (ANNEX,)),
        ("ihr.always", (ANNEX,)),
        ("audit.keep_months", (KEPT,)),
        ("retention.routes_days", (KEPT,)),
        ("publish.suppress_below", (KEPT,)),
        ("login.lock_min", (KEPT,)),
    ],
)
def test_a_figure_that_was_recalled_or_designed_is_not_called_verified(key, versions):
    for version in versions:
        assert not reader.load(version).figure(key).verified, version


def test_defaults_of_our_own_are_the_same_in_the_two_plans():
    old, new = reader.load(OLD), reader.load(BASE)
    both = [
        (figure, new.figure(key))
        for key, figure in old.figures().items()
        if figure.mark is Mark.DESIGN and new.get(key) is not None
    ]
    differ = {
        a.key for a, b in both if (a.value, a.minimum, a.maximum) != (b.value, b.minimum, b.maximum)
    }
    # How mass tests repeat was read for the later plan only.
    assert differ == {"test.rounds.pause_days"}
    assert len(both) > 70
