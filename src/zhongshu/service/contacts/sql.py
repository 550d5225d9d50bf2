"""The set-based statements of the contact register."""

from __future__ import annotations

from zhongshu.rules import states

_NEW = states.initial("contact")
_PATH = 'text COLLATE "C"'
CONTACT_COLUMNS = {
    "case_id": "bigint",
    "person": "bigint",
    "degree": "smallint",
    "via_person": "bigint",
    "first_exposure": "timestamptz",
    "last_exposure": "timestamptz",
    "exposures": "integer",
    "minutes": "double precision",
    "imputed": "boolean",
    "rule_id": "text",
    "score": "double precision",
    "reason": "text",
    "is_case": "boolean",
    "release_on": "date",
    "unit": "text",
    "unit_path": _PATH,
    "unit_known": "boolean",
}
EXPOSURE_COLUMNS = {
    "case_id": "bigint",
    "person": "bigint",
    "source_person": "bigint",
    "setting": "text",
    "place": "integer",
    "time_from": "timestamptz",
    "time_to": "timestamptz",
    "overlap_min": "double precision",
    "imputed": "boolean",
    "rule_id": "text",
}
NOTICE_COLUMNS = {
    "place": "integer",
    "case_id": "bigint",
    "time_from": "timestamptz",
    "time_to": "timestamptz",
    "persons": "integer",
}

_EVIDENCE = (
    "degree, via_person, first_exposure, last_exposure, exposures_count, minutes, imputed, "
    "rule_id, score, reason, is_case, unit_id, unit_path, unit_known, release_on, seen_as_of, "
    "withdrawn_as_of"
)


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name.strip()}" for name in columns.split(","))


# One person near one case: the closer degree counts, then the stronger evidence.
UPSERT_CONTACTS = f"""
    INSERT INTO contacts_contact (incident_id, case_id, person, state, known_at, run_id,
                                  {_EVIDENCE})
    SELECT DISTINCT ON (s.case_id, s.person)
           %(incident)s, s.case_id, s.person, '{_NEW}', %(as_of)s, %(run)s,
           s.degree, s.via_person, s.first_exposure, s.last_exposure, s.exposures, s.minutes,
           s.imputed, s.rule_id, s.score, s.reason, s.is_case, s.unit, s.unit_path, s.unit_known,
           s.release_on, %(as_of)s, NULL::timestamptz
      FROM staged_contacts s ORDER BY s.case_id, s.person, s.degree, s.score DESC
    ON CONFLICT (case_id, person) DO UPDATE SET
        known_at = least(contacts_contact.known_at, excluded.known_at),
        run_id = excluded.run_id,
        ({_EVIDENCE}) = ({_of("excluded", _EVIDENCE)})
    WHERE excluded.seen_as_of >= contacts_contact.seen_as_of
      AND ({_of("contacts_contact", _EVIDENCE)}) IS DISTINCT FROM ({_of("excluded", _EVIDENCE)})
"""
# A run of an earlier moment found it too: it was to be known then.
KNOWN_EARLIER = """
    UPDATE contacts_contact c SET known_at = %(as_of)s
      FROM staged_contacts s
     WHERE s.case_id = c.case_id AND s.person = c.person AND c.known_at > %(as_of)s
"""
WITHDRAW_CONTACTS = f"""
    UPDATE contacts_contact c SET withdrawn_as_of = %(as_of)s, run_id = %(run)s
     WHERE c.incident_id = %(incident)s AND c.withdrawn_as_of IS NULL AND c.state = '{_NEW}'
       AND c.seen_as_of <= %(as_of)s
       AND NOT EXISTS (SELECT 1 FROM staged_contacts s
                        WHERE s.case_id = c.case_id AND s.person = c.person)
"""
# Only of contacts that this trace has found (seen_as_of is its moment).
DELETE_EXPOSURES = """
    DELETE FROM contacts_exposure e USING contacts_contact c
     WHERE c.id = e.contact_id AND c.incident_id = %(incident)s AND c.seen_as_of = %(as_of)s
       AND c.withdrawn_as_of IS NULL
       AND NOT EXISTS (SELECT 1 FROM staged_exposures s
                        WHERE s.case_id = c.case_id AND s.person = c.person
                          AND s.source_person = e.source_person AND s.setting = e.setting
                          AND s.place IS NOT DISTINCT FROM e.place AND s.time_from = e.time_from)
"""
UPSERT_EXPOSURES = """
    INSERT INTO contacts_exposure (contact_id, source_person, setting, place, time_from, time_to,
                                   overlap_min, imputed, rule_id)
    SELECT DISTINCT ON (c.id, s.source_person, s.setting, s.place, s.time_from)
           c.id, s.source_person, s.setting, s.place, s.time_from, s.time_to, s.overlap_min,
           s.imputed, s.rule_id
      FROM staged_exposures s
      JOIN contacts_contact c ON c.case_id = s.case_id AND c.person = s.person
     WHERE c.seen_as_of = %(as_of)s AND c.withdrawn_as_of IS NULL
     ORDER BY c.id, s.source_person, s.setting, s.place, s.time_from, s.overlap_min DESC
    ON CONFLICT (contact_id, source_person, setting, place, time_from) DO UPDATE SET
        (time_to, overlap_min, imputed, rule_id) =
        (excluded.time_to, excluded.overlap_min, excluded.imputed, excluded.rule_id)
    WHERE (contacts_exposure.time_to, contacts_exposure.overlap_min, contacts_exposure.imputed,
           contacts_exposure.rule_id)
        IS DISTINCT FROM
          (excluded.time_to, excluded.overlap_min, excluded.imputed, excluded.rule_id)
"""
# A place's unit is the lake's to know; the notice is filed where its case is.
UPSERT_NOTICES = """
    INSERT INTO contacts_notice (incident_id, case_id, place, time_from, time_to, persons, unit_id,
                                 unit_path, known_at, run_id, withdrawn_as_of)
    SELECT DISTINCT ON (s.case_id, s.place, s.time_from)
           %(incident)s, s.case_id, s.place, s.time_from, s.time_to, s.persons, k.unit_id,
           k.unit_path, %(as_of)s, %(run)s, NULL::timestamptz
      FROM staged_notices s JOIN cases_case k ON k.id = s.case_id
     ORDER BY s.case_id, s.place, s.time_from
    ON CONFLICT (case_id, place, time_from) DO UPDATE SET
        known_at = least(contacts_notice.known_at, excluded.known_at), run_id = excluded.run_id,
        (time_to, persons, withdrawn_as_of) = (excluded.time_to, excluded.persons, NULL)
    WHERE (contacts_notice.time_to, contacts_notice.persons, contacts_notice.withdrawn_as_of)
        IS DISTINCT FROM (excluded.time_to, excluded.persons, NULL)
"""
WITHDRAW_NOTICES = """
    UPDATE contacts_notice n SET withdrawn_as_of = %(as_of)s
     WHERE n.incident_id = %(incident)s AND n.withdrawn_as_of IS NULL AND n.known_at <= %(as_of)s
       AND NOT EXISTS (SELECT 1 FROM staged_notices s
                        WHERE s.case_id = n.case_id AND s.place = n.place
                          AND s.time_from = n.time_from)
"""
