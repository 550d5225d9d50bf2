"""What a question on record was about, in words; ids as they were asked, no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhongshu.service.cases import facade as cases
from zhongshu.service.kit import places
from zhongshu.service.kit.text import Text, text
from zhongshu.service.tracing import facade as tracing


def subjects(rows: Sequence[tracing.Inquiry]) -> Mapping[int, Text]:
    """Inquiry id to words, in two readings whatever the number of rows."""
    keys = {row.what["place"] for row in rows if "place" in row.what}
    numbers = cases.numbers([row.what["case_id"] for row in rows if "case_id" in row.what])
    named = {key: place["name"] for key, place in places.by_key(keys).items()}
    return {row.pk: _words(row, named, numbers) for row in rows}


def _words(row: tracing.Inquiry, named: Mapping[int, str], numbers: Mapping[int, str]) -> Text:
    what = row.what
    if "place" in what:
        name = named.get(what["place"], str(what["place"]))
        return text(name, name)
    if "case_id" in what:
        number = numbers.get(what["case_id"]) or what["case_id"]  # out of the reader's rights: id
        return text(f"病例 {number}", f"Case {number}")
    if "contact_id" in what:
        return text(f"接触者 {what['contact_id']}", f"Contact {what['contact_id']}")
    many = len(what["case_ids"])
    return text(f"{many} 例病例", f"{many} cases")
