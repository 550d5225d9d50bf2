"""The set-based statements of the contact register.

They look at `staged_traced` (the cases this trace asked about, each with the reason), beside the
tables a trace found.
"""

from __future__ import annotations

from zhongshu.rules import states

_NEW = states.initial("contact")
BY_HAND = "by_hand"
_PATH = 'text COLLATE "C"'
TRACED_COLUMNS = {"case_id": "bigint", "reason": "text"}
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
    "kind": "text",
    "places": "integer",
    "two_places": "boolean",
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
    "rule_id, score, reason, is_case, unit_id, unit_path, unit_known, release_on, kind, places, "
    "two_places, seen_as_of, withdrawn_as_of"
)
# What a reader of the list would call a change: days, not hours, for a meeting that still goes on
# ends at the moment of each trace.
_TOLD = (
    "({0}.degree, {0}.kind, {0}.places, {0}.rule_id, {0}.release_on, "
    "({0}.first_exposure AT TIME ZONE 'Asia/Shanghai')::date, "
    "({0}.last_exposure AT TIME ZONE 'Asia/Shanghai')::date)"
)


# A spared contact changes only where the trace says more of him than the register does.
_SAYS_MORE = (
    "(s.degree < c.degree OR (s.degree = c.degree AND s.last_exposure > c.last_exposure) "
    "OR NOT EXISTS (SELECT 1 FROM staged_spared x WHERE x.id = c.id))"
)
_NOT_SPARED = "NOT EXISTS (SELECT 1 FROM staged_spared x WHERE x.id = c.id)"


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name.strip()}" for name in columns.split(","))


# Homes are the vault's to know: `staged_homes` says where each standing contact lives now.
HOME_COLUMNS = {"person": "bigint", "unit": "text", "unit_path": _PATH, "unit_known": "boolean"}
STANDING = """
    SELECT DISTINCT person FROM contacts_contact
     WHERE incident_id = %(incident)s AND withdrawn_as_of IS NULL AND seen_as_of <= %(as_of)s
"""
FOLLOW_HOMES = """
    WITH moved AS (
        UPDATE contacts_contact c
           SET (unit_id, unit_path, unit_known) = (h.unit, h.unit_path, h.unit_known)
          FROM staged_homes h, contacts_contact was
         WHERE h.person = c.person AND c.incident_id = %(incident)s AND was.id = c.id
           AND c.withdrawn_as_of IS NULL AND c.seen_as_of <= %(as_of)s
           AND (c.unit_id, c.unit_path, c.unit_known)
               IS DISTINCT FROM (h.unit, h.unit_path, h.unit_known)
        RETURNING c.id, c.case_id, was.unit_id <> c.unit_id AS elsewhere),
    told AS (
        INSERT INTO contacts_contactchange (contact_id, case_id, what, reason, at, run_id)
        SELECT id, case_id, 'changed', %(reason)s, %(as_of)s, %(run)s
          FROM moved WHERE elsewhere ORDER BY id)
    SELECT id FROM moved ORDER BY id
"""
# One person near one case: the closer degree counts, then the stronger evidence.
# Contacts with evidence of days whose visits were deleted when their time was over, and whoever
# came by way of them: that a trace finds this evidence no more says nothing.  A stay, or a clock
# that was off, can carry it into the day beside.
SPARED = """
    CREATE TEMPORARY TABLE staged_spared ON COMMIT DROP AS
    WITH kept AS (
        SELECT DISTINCT c.id, c.case_id, c.person
          FROM contacts_contact c
          JOIN staged_traced t USING (case_id)
          JOIN contacts_exposure e ON e.contact_id = c.id AND e.setting = 'visit'
          JOIN unnest(%(deleted)s::date[]) AS d(day)
            ON (e.time_from AT TIME ZONE 'Asia/Shanghai')::date BETWEEN d.day - 1 AND d.day + 1
         WHERE c.withdrawn_as_of IS NULL AND t.reason <> 'case_closed')
    SELECT id FROM kept
    UNION
    SELECT c.id FROM kept k
      JOIN contacts_contact c ON c.case_id = k.case_id AND c.via_person = k.person
     WHERE c.withdrawn_as_of IS NULL;
    CREATE INDEX ON staged_spared (id);
    ANALYZE staged_spared
"""
BEST = """
    CREATE TEMPORARY TABLE staged_best ON COMMIT DROP AS
    SELECT DISTINCT ON (case_id, person) * FROM staged_contacts
     ORDER BY case_id, person, degree, score DESC;
    CREATE INDEX ON staged_best (case_id, person);
    ANALYZE staged_best
"""
# Before anything is written: what will be added, changed or removed.
DIFFERENCE = f"""
    CREATE TEMPORARY TABLE staged_changes ON COMMIT DROP AS
    SELECT s.case_id, s.person,
           CASE WHEN c.id IS NULL OR c.withdrawn_as_of IS NOT NULL THEN 'added'
                ELSE 'changed' END AS what, t.reason
      FROM staged_best s
      JOIN staged_traced t USING (case_id)
      LEFT JOIN contacts_contact c ON c.case_id = s.case_id AND c.person = s.person
     WHERE c.id IS NULL
        OR (c.seen_as_of <= %(as_of)s AND NOT (c.by_hand AND s.degree > 1) AND {_SAYS_MORE}
            AND (c.withdrawn_as_of IS NOT NULL
                 OR {_TOLD.format("c")} IS DISTINCT FROM {_TOLD.format("s")}))
    UNION ALL
    SELECT c.case_id, c.person, 'removed', t.reason
      FROM contacts_contact c JOIN staged_traced t USING (case_id)
     WHERE c.withdrawn_as_of IS NULL AND c.state = '{_NEW}' AND NOT c.by_hand
       AND c.seen_as_of <= %(as_of)s AND {_NOT_SPARED}
       AND NOT EXISTS (SELECT 1 FROM staged_best s
                        WHERE s.case_id = c.case_id AND s.person = c.person)
"""
TELL = """
    INSERT INTO contacts_contactchange (contact_id, case_id, what, reason, at, run_id)
    SELECT c.id, c.case_id, d.what, d.reason, %(as_of)s, %(run)s
      FROM staged_changes d
      JOIN contacts_contact c ON c.case_id = d.case_id AND c.person = d.person
     ORDER BY c.id
"""
UPSERT_CONTACTS = f"""
    INSERT INTO contacts_contact (incident_id, case_id, person, state, known_at, run_id, by_hand,
                                  note, {_EVIDENCE})
    SELECT %(incident)s, s.case_id, s.person, '{_NEW}', %(as_of)s, %(run)s, false, '',
           s.degree, s.via_person, s.first_exposure, s.last_exposure, s.exposures, s.minutes,
           s.imputed, s.rule_id, s.score, s.reason, s.is_case, s.unit, s.unit_path, s.unit_known,
           s.release_on, s.kind, s.places, s.two_places, %(as_of)s, NULL::timestamptz
      FROM staged_best s
      LEFT JOIN contacts_contact c ON c.case_id = s.case_id AND c.person = s.person
     WHERE c.id IS NULL OR {_SAYS_MORE}
     ORDER BY s.case_id, s.person
    ON CONFLICT (case_id, person) DO UPDATE SET
        known_at = least(contacts_contact.known_at, excluded.known_at),
        run_id = excluded.run_id,
        ({_EVIDENCE}) = ({_of("excluded", _EVIDENCE)})
    WHERE excluded.seen_as_of >= contacts_contact.seen_as_of
      AND NOT (contacts_contact.by_hand AND excluded.degree > 1)
      AND ({_of("contacts_contact", _EVIDENCE)}) IS DISTINCT FROM ({_of("excluded", _EVIDENCE)})
"""
# A trace of an earlier moment found it too: it was to be known then.
KNOWN_EARLIER = """
    UPDATE contacts_contact c SET known_at = %(as_of)s
      FROM staged_best s
     WHERE s.case_id = c.case_id AND s.person = c.person AND c.known_at > %(as_of)s
"""
WITHDRAW_CONTACTS = f"""
    UPDATE contacts_contact c SET withdrawn_as_of = %(as_of)s, run_id = %(run)s
      FROM staged_traced t
     WHERE t.case_id = c.case_id AND c.withdrawn_as_of IS NULL AND c.state = '{_NEW}'
       AND NOT c.by_hand AND c.seen_as_of <= %(as_of)s AND {_NOT_SPARED}
       AND NOT EXISTS (SELECT 1 FROM staged_best s
                        WHERE s.case_id = c.case_id AND s.person = c.person)
"""
# Also of contacts this trace no longer finds but who stand by a decision or by evidence deleted
# since.
BECAME_CASE = """
    UPDATE contacts_contact c SET is_case = NOT c.is_case
      FROM staged_traced t
     WHERE t.case_id = c.case_id AND c.withdrawn_as_of IS NULL AND c.seen_as_of <= %(as_of)s
       AND c.is_case <> (c.person = ANY (%(patients)s))
    RETURNING c.id
"""
# Somebody named by hand whom the trace no longer finds close stays what was stated of him.
RESTORE_BY_HAND = f"""
    UPDATE contacts_contact c
       SET (degree, via_person, first_exposure, last_exposure, exposures_count, minutes, imputed,
            rule_id, places, two_places, seen_as_of) =
           (1, NULL::bigint, e.time_from, e.time_to, 1, e.overlap_min, e.imputed, e.rule_id, 0,
            false, %(as_of)s)
      FROM staged_traced t, contacts_exposure e
     WHERE t.case_id = c.case_id AND c.by_hand AND c.seen_as_of <= %(as_of)s
       AND e.contact_id = c.id AND e.setting = '{BY_HAND}'
       AND NOT EXISTS (SELECT 1 FROM staged_best s
                        WHERE s.case_id = c.case_id AND s.person = c.person AND s.degree = 1)
       AND (c.degree, c.first_exposure, c.last_exposure, c.exposures_count)
           IS DISTINCT FROM (1, e.time_from, e.time_to, 1)
"""
# Only of contacts that this trace has found (seen_as_of is its moment).
DELETE_EXPOSURES = f"""
    DELETE FROM contacts_exposure e USING contacts_contact c, staged_traced t
     WHERE c.id = e.contact_id AND t.case_id = c.case_id AND c.seen_as_of = %(as_of)s
       AND {_NOT_SPARED}
       AND c.withdrawn_as_of IS NULL AND e.setting <> '{BY_HAND}'
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
      JOIN staged_best b ON b.case_id = s.case_id AND b.person = s.person
      JOIN contacts_contact c ON c.case_id = s.case_id AND c.person = s.person
     WHERE c.seen_as_of = %(as_of)s AND c.withdrawn_as_of IS NULL
       AND NOT (c.by_hand AND b.degree > 1)
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
      FROM staged_traced t
     WHERE t.case_id = n.case_id AND n.withdrawn_as_of IS NULL AND n.known_at <= %(as_of)s
       AND NOT EXISTS (SELECT 1 FROM unnest(%(deleted)s::date[]) AS d(day)
                        WHERE t.reason <> 'case_closed'
                          AND (n.time_from AT TIME ZONE 'Asia/Shanghai')::date
                              BETWEEN d.day - 1 AND d.day + 1)
       AND NOT EXISTS (SELECT 1 FROM staged_notices s
                        WHERE s.case_id = n.case_id AND s.place = n.place
                          AND s.time_from = n.time_from)
"""
