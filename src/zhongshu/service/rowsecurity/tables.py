"""What a request may touch at all, and how each table is cut down to its scope.

This is the second net.  The first is `kit.scope.Scope`, which every selector takes; this one
holds even when a query forgot it, because requests run as a role that owns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

READ, ADD, CHANGE = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE"

# Tables whose rows carry `unit_path`.
BY_PATH: Mapping[str, str] = {
    "cases_case": CHANGE,
    "cases_caseevent": ADD,
    "contacts_contact": CHANGE,
    "contacts_notice": READ,
    "letters_letter": CHANGE,
    "tracing_inquiry": ADD,
    "signals_signal": CHANGE,
    "signals_snooze": CHANGE,
    "signals_break": CHANGE,
    "signals_selftest": READ,
    "zones_zone": CHANGE,
    "whatif_comparison": CHANGE,
    "drills_drill": CHANGE,
    "zones_zoneplan": CHANGE,
    "findings_finding": READ,
    "codes_code": READ,
    "periods_proposal": CHANGE,
    "directives_directive": CHANGE,
    # Clocks are written by rules and by acts whose scope was checked, never by a scoped statement.
    "clocks_clock": READ,
    "clocks_notification": READ,
    "clocks_cell": READ,
    "clocks_delta": READ,
    "resources_bedreport": READ,
    "resources_roomreport": READ,
    "resources_vehiclereport": READ,
    "resources_stockreport": READ,
    "resources_pricereport": READ,
    "resources_samplingpoint": READ,
    "resources_laboratoryreport": READ,
    "resources_thing": CHANGE,
    "resources_conversion": CHANGE,
    "rounds_round": CHANGE,
    "rounds_roundpoint": ADD,
    "rounds_tally": ADD,
    # Written from the lake and by receipts whose scope was checked.
    "rounds_tube": READ,
    "rounds_tubemember": READ,
    "dispatch_dispatchplan": CHANGE,
    "dispatch_job": CHANGE,
    "people_dormitory": READ,
}

# Further path columns by which a row of `BY_PATH` may be seen: a letter has two sides, and
# who gave a swab to a tube may live elsewhere.
ALSO: Mapping[str, tuple[str, ...]] = {
    "letters_letter": ("from_path",),
    "rounds_tubemember": ("tube_path",),
}

# Tables whose rows belong to a row above: (column, table above, rights).
BY_PARENT: Mapping[str, tuple[str, str, str]] = {
    "contacts_exposure": ("contact_id", "contacts_contact", READ),
    "contacts_contactdecision": ("contact_id", "contacts_contact", ADD),
    "contacts_contactchange": ("contact_id", "contacts_contact", READ),
    "letters_letterrow": ("letter_id", "letters_letter", READ),
    "letters_receipt": ("letter_id", "letters_letter", ADD),
    "zones_zoneevaluation": ("zone_id", "zones_zone", READ),
    "periods_decision": ("proposal_id", "periods_proposal", ADD),
    "drills_drilldecision": ("drill_id", "drills_drill", ADD),
    "directives_directiveevent": ("directive_id", "directives_directive", ADD),
    "resources_thingchange": ("thing_id", "resources_thing", ADD),
    "resources_hold": ("thing_id", "resources_thing", CHANGE),
    "dispatch_planrow": ("plan_id", "dispatch_dispatchplan", READ),
    "dispatch_receipt": ("job_id", "dispatch_job", CHANGE),
    "clocks_clockevent": ("clock_id", "clocks_clock", READ),
    "people_dormitorystay": ("dormitory_id", "people_dormitory", READ),
}

# The vault: a person also belongs to whoever has him as a case or a contact, on a letter or in a
# positive tube, wherever he lives.
# The rows named are looked up under the same role, so their own policies apply.
VAULT: Mapping[str, tuple[str, ...]] = {
    "people_person": (
        "SELECT 1 FROM cases_case c WHERE c.person = people_person.pseudonym",
        "SELECT 1 FROM contacts_contact c WHERE c.person = people_person.pseudonym",
        "SELECT 1 FROM letters_letterrow r WHERE r.person = people_person.pseudonym",
        "SELECT 1 FROM rounds_tubemember m WHERE m.person = people_person.pseudonym",
    ),
    "people_household": (
        "SELECT 1 FROM people_person p WHERE p.household_id = people_household.id",
    ),
}

# Tables that are the same for everybody; permissions alone guard them.
SHARED: Mapping[str, str] = {
    "units_unit": READ,
    "units_identifier": READ,
    "units_succession": READ,
    "incidents_incident": READ,
    "periods_period": READ,
    "periods_run": READ,
    "periods_runstep": READ,
    "intake_feedfile": READ,
    "signals_testsdone": READ,
    "signals_budgetday": READ,
    "clocks_kind": READ,
    "clocks_rung": READ,
    "audit_auditentry": ADD,
    "people_accessrecord": ADD,
    "people_edition": READ,
    "accounts_answered": CHANGE,
    "pghistory_context": CHANGE,
}

# Tables no request reaches in its scoped part: sign-in and user management run apart.
OUT_OF_REACH = frozenset(
    {
        "accounts_user",
        "accounts_post",
        "accounts_onetimesecret",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "django_content_type",
        "django_migrations",
        "django_session",
        "people_alias",
        "people_aliasevent",
        "tracing_basis",
        "tracing_traced",
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
    }
)
