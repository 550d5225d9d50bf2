"""Letters over HTTP: two sides see them, files name people, and nobody else learns anything."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service import scenes
from tests.service.chains_made import Met
from zhongshu.connectors.letters import files
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people.models import AccessRecord

pytestmark = pytest.mark.django_db


def sides() -> tuple[Client, Client]:
    """The county of the case, and the one where its contacts live."""
    sender = scenes.signed_in((b.COUNTY, "data_team"), name="sender")
    return sender, scenes.signed_in((b.OTHER_COUNTY, "local_staff"), name="receiver")


def sent(client: Client, case: Any, key: str = "make") -> dict[str, dict[str, Any]]:
    answer = scenes.post(client, f"/cases/{case.pk}/letters", {"note": "请协查"}, key=key)
    assert answer.status_code == 200, answer.content.decode()
    return {one["to"]["code"]: one for one in answer.json()}


def crowd(people: int = 2) -> Any:
    case = made.neighbours()
    scenes.clock_at(b.NOW + b.HOUR)
    made.trace(case, Met(2), *(Met(12 + n) for n in range(people)))
    return case


def test_a_letter_is_seen_by_both_counties_and_by_nobody_beside_them() -> None:
    case = crowd()
    sender, receiver = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    assert (letter["no"], letter["from"]["name"], letter["persons"]) == (
        "协查〔2022〕第2号", "小店区", 2,
    )  # fmt: skip
    got = scenes.get(receiver, f"/letters/{letter['id']}").json()
    assert got["case"] == {"id": case.pk, "case_no": "C1"}
    assert [row["masked_name"] for row in got["rows"]] == ["=*", "=*"]
    assert scenes.get(receiver, f"/cases/{case.pk}").status_code == 404
    beside = scenes.signed_in((b.ZONE, "data_team"), name="beside")
    assert scenes.get(beside, f"/letters/{letter['id']}").status_code == 404
    assert scenes.get(beside, "/letters").json()["items"] == []
    below = scenes.signed_in((b.OTHER_TOWNSHIP, "local_staff"), name="below")
    assert scenes.get(below, "/letters").json()["items"] == []
    above = scenes.signed_in((b.PROVINCE, "commander"), name="above")
    assert len(scenes.get(above, "/letters").json()["items"]) == 2


def test_moments_are_in_beijing_time_when_made_and_when_read() -> None:
    case = crowd()
    sender, _ = sides()
    made_now = sent(sender, case)[b.OTHER_COUNTY]
    read = scenes.get(sender, f"/letters/{made_now['id']}").json()
    listed = scenes.get(sender, "/letters").json()["items"]
    assert made_now in listed
    assert {name: read[name] for name in made_now} == made_now
    assert made_now["made_at"].endswith("+08:00")
    assert made_now["due_at"].endswith("+08:00")


def test_letters_in_and_out_by_state_case_and_time() -> None:
    case = crowd()
    sender, receiver = sides()
    sent(sender, case)

    def listed(client: Client, **query: Any) -> list[str]:
        items = scenes.get(client, "/letters", **query).json()["items"]
        return sorted(one["to"]["code"] for one in items)

    assert listed(sender, direction="out") == [b.COUNTY, b.OTHER_COUNTY]
    assert listed(sender, direction="in") == [b.COUNTY]
    assert listed(receiver, direction="in") == [b.OTHER_COUNTY]
    assert listed(receiver, direction="out") == []
    assert listed(receiver, state="answered") == []
    assert listed(receiver, case=case.pk, state="sent") == [b.OTHER_COUNTY]
    assert listed(receiver, overdue=True) == []
    scenes.clock_at(b.NOW + 3 * b.DAY)
    assert listed(receiver, overdue=True) == [b.OTHER_COUNTY]
    assert listed(receiver, as_of=b.NOW.isoformat()) == []


def test_pressing_twice_makes_one_set_of_letters() -> None:
    case = crowd()
    sender, _ = sides()
    assert sent(sender, case) == sent(sender, case)
    again = scenes.post(sender, f"/cases/{case.pk}/letters", {}, key="another")
    assert (again.status_code, again.json()["code"]) == (409, "letters.nothing_new")


def test_only_what_one_may_do_is_offered() -> None:
    case = crowd()
    sender, receiver = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    path = f"/letters/{letter['id']}"
    nothing = {"receive": False, "report": False, "answer": False}
    assert scenes.get(sender, path).json()["may"] == nothing | {"open": True}
    may = scenes.get(receiver, path).json()["may"]
    assert may == {"receive": True, "report": False, "answer": True, "open": True}
    refused = scenes.post(sender, f"{path}/receipt", {"action": "received"}, key="1")
    assert (refused.status_code, refused.json()["code"]) == (403, "letters.not_yours")
    done = scenes.post(receiver, f"{path}/receipt", {"action": "received"}, key="2").json()
    assert (done["state"], [r["action"] for r in done["receipts"]]) == ("received", ["receive"])
    body = {"action": "answered", "found": 2, "controlled": 2, "not_found": 0, "note": "已管控"}
    done = scenes.post(receiver, f"{path}/receipt", body, key="3").json()
    assert (done["state"], done["overdue"], done["may"]["answer"]) == ("answered", False, False)


def test_rows_come_by_pages() -> None:
    case = crowd(3)
    sender, _ = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    first = scenes.get(sender, f"/letters/{letter['id']}", limit=2).json()
    rest = scenes.get(sender, f"/letters/{letter['id']}", after=first["rows_next"]).json()
    ids = [row["contact_id"] for row in first["rows"] + rest["rows"]]
    assert len(ids) == len(set(ids)) == 3
    assert rest["rows_next"] is None


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    case = crowd()
    sender, receiver = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    answer = scenes.get(receiver, f"/letters/{letter['id']}/file", format="csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["协查函"]
    assert ["编号", letter["no"]] in lines
    head = next(n for n, line in enumerate(lines) if line[:1] == ["序号"])
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    assert sorted(row["姓名"] for row in rows) == ["'=合成12", "'=合成13"]
    assert {row["证件号码"] for row in rows} == {b.id_no(12), b.id_no(13)}
    assert {row["接触层级"] for row in rows} == {"密切接触者"}
    assert {row["住址"] for row in rows} == {"11号楼"}
    access = AccessRecord.objects.get()
    assert (access.actor, access.purpose, len(access.pseudonyms)) == (
        "receiver",
        "investigation",
        2,
    )


def test_the_xlsx_holds_text_and_no_formula() -> None:
    case = crowd()
    sender, _ = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    answer = scenes.get(sender, f"/letters/{letter['id']}/file")
    assert answer["Content-Disposition"] == 'attachment; filename="letter-2022-2.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert "=合成12" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1"])
def test_a_formula_in_csv_is_made_text(cell: str) -> None:
    assert files.plain(cell) == f"'{cell}"


def test_a_long_number_in_csv_keeps_its_digits() -> None:
    assert files.plain("140105199001010012") == "\t140105199001010012"
    assert files.plain("14010519900101001X") == "14010519900101001X"
    assert files.plain(3) == 3


def test_who_is_in_no_register_is_said_to_be_so() -> None:
    case = made.neighbours()
    scenes.clock_at(b.NOW + b.HOUR)
    made.trace(case, Met(21))
    sender, _ = sides()
    letter = sent(sender, case)[b.PROVINCE]
    answer = scenes.get(sender, f"/letters/{letter['id']}/file", format="csv")
    assert "（未登记）" in answer.content.decode("utf-8-sig")
    assert AccessRecord.objects.count() == 0, "no name was there to open"


@pytest.mark.parametrize(
    ("post", "status"),
    [
        ((b.OTHER_CITY, "local_staff"), 403),  # above, but on neither side
        ((b.OTHER_COUNTY, "commander"), 403),  # no right to names
        ((b.ZONE, "data_team"), 404),  # not his letter
        ((b.OTHER_TOWNSHIP, "local_staff"), 404),
    ],
)
def test_a_file_is_refused_and_nothing_opened(post: tuple[str, str], status: int) -> None:
    case = crowd()
    sender, _ = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    client = scenes.signed_in(post, name="third")
    answer = scenes.get(client, f"/letters/{letter['id']}/file")
    assert answer.status_code == status
    assert AccessRecord.objects.count() == 0


def test_a_new_contact_goes_into_a_supplement() -> None:
    case = crowd()
    sender, receiver = sides()
    first = sent(sender, case)[b.OTHER_COUNTY]
    made.trace(case, Met(2), Met(12), Met(13), Met(14), as_of=b.NOW + b.HOUR / 2)
    second = sent(sender, case, key="2")[b.OTHER_COUNTY]
    assert (second["supplement_to"], second["persons"]) == (first["no"], 1)
    found = contacts.Contact.objects.get(person=b.pseudonym(14))
    (row,) = scenes.get(receiver, f"/letters/{second['id']}").json()["rows"]
    assert (row["contact_id"], row["change"], row["degree"]) == (found.pk, "new", 1)


def test_letters_cost_few_queries_and_no_more_for_more_rows() -> None:
    case = crowd(3)
    sender, receiver = sides()
    letter = sent(sender, case)[b.OTHER_COUNTY]
    for path, most in (("/letters", 10), (f"/letters/{letter['id']}", 15)):
        counts = []
        for limit in (1, 50):
            with CaptureQueriesContext(connection) as queries:
                assert scenes.get(receiver, path, limit=limit).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= most, (path, counts)
    with CaptureQueriesContext(connection) as queries:
        scenes.get(receiver, f"/letters/{letter['id']}/file")
    assert len(queries) <= 21
