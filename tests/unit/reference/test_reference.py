import hashlib

import pyarrow.compute as pc
import pytest

from zhongshu.kernel.divisions import Level
from zhongshu.kernel.errors import NotFound
from zhongshu.reference import census, identifiers, read
from zhongshu.reference.tables import AGE_BANDS, BOUNDARIES, SCHEMAS

SHANXI = "140000000000"
NANCHANG = "360100000000"
XIHU = "360103000000"


def levels(code):
    tree = read.divisions()
    return {level.name: len(tree.under(code, level)) for level in Level}


def test_shanxi_has_its_official_number_of_units_on_every_level():
    assert levels(SHANXI) == {
        "PROVINCE": 1,
        "CITY": 11,
        "COUNTY": 121,  # 117 and four development zones
        "TOWNSHIP": 1352,
        "VILLAGE": 21895,
    }
    counties = read.divisions(SHANXI).under(SHANXI, Level.COUNTY)
    assert sorted(unit.code for unit in counties if unit.zone) == [
        "140171000000",
        "140271000000",
        "140671000000",
        "140971000000",
    ]


def test_nanchang_and_xihu_have_their_units():
    assert levels(NANCHANG)["COUNTY"] == 9
    assert levels(NANCHANG)["TOWNSHIP"] == 139
    assert levels(NANCHANG)["VILLAGE"] == 2263
    assert levels(XIHU)["TOWNSHIP"] == 10
    assert levels(XIHU)["VILLAGE"] == 172


def test_the_country_is_there_down_to_its_counties():
    tree = read.divisions()
    assert len([unit for unit in tree if unit.level == Level.PROVINCE]) == 31
    assert len([unit for unit in tree if unit.level == Level.CITY]) == 342
    assert len([unit for unit in tree if unit.level == Level.COUNTY]) == 2975


def test_the_path_shipped_is_the_path_of_the_tree():
    table = read.table("divisions")
    shipped = dict(zip(table["code"].to_pylist(), table["path"].to_pylist(), strict=True))
    assert shipped == dict(read.divisions().paths)


def test_a_province_can_be_loaded_alone():
    tree = read.divisions(SHANXI)
    assert len(tree) == 1 + 11 + 121 + 1352 + 21895
    with pytest.raises(NotFound):
        read.divisions(NANCHANG)


def test_every_person_of_shanxi_is_counted_once():
    populations = census.populations()
    assert populations[SHANXI] == 34_915_616
    for attach in (True, False):
        rows = census.counties(attach_zones=attach).to_pylist()
        shanxi = [row for row in rows if row["code"].startswith("14")]
        assert len(shanxi) == (117 if attach else 121)
        assert sum(row["pop"] for row in shanxi) == 34_915_616


def test_the_zones_hold_364429_people_and_the_counties_the_rest():
    rows = census.counties(attach_zones=False).to_pylist()
    kinds = {"zone": 0, "county": 0}
    for row in rows:
        if row["code"].startswith("14"):
            kinds[row["row_kind"]] += row["pop"]
    assert kinds == {"zone": 364_429, "county": 34_551_187}
    assert census.populations()["140171000000"] == 258_826


def test_a_city_is_the_sum_of_its_counties_and_zones():
    tree, populations = read.divisions(), census.populations()
    for city in tree.children(SHANXI):
        assert populations[city.code] == sum(
            populations[county.code] for county in tree.children(city.code)
        )


@pytest.mark.parametrize("attach", [True, False])
def test_ages_and_sexes_add_up_to_the_people_in_every_row(attach):
    for row in census.counties(attach_zones=attach).to_pylist():
        men = sum(row[f"m_{band}"] for band in AGE_BANDS)
        women = sum(row[f"f_{band}"] for band in AGE_BANDS)
        assert (men, women) == (row["male"], row["female"]), row["name"]
        assert men + women == row["pop"]


def test_attached_people_say_where_they_came_from():
    rows = {row["code"]: row for row in census.counties().to_pylist()}
    assert rows["140105000000"]["origin"] == "tabulated+140171000000"
    assert rows["140105000000"]["pop"] == 1_139_798 + 258_826
    assert rows["140106000000"]["origin"] == "tabulated"


def test_the_rule_for_zone_people_is_visible_and_marked_unverified():
    tree = read.divisions()
    for row in read.table("zone_hosts").to_pylist():
        zone, host = tree.get(row["zone_code"]), tree.get(row["host_code"])
        assert zone.zone
        assert not host.zone
        assert zone.parent == host.parent
        assert row["verified"] is False
        assert row["evidence_zh"]
        assert row["evidence_en"]
    assert pc.sum(read.table("zone_hosts")["population"]).as_py() == 364_429


def test_neighbours_number_302_in_shanxi_and_17_in_nanchang_and_all_are_counties():
    pairs = read.table("adjacency").to_pylist()
    assert len([pair for pair in pairs if pair["layer"] == "shanxi"]) == 302
    assert len([pair for pair in pairs if pair["layer"] == "nanchang"]) == 17
    tree = read.divisions()
    assert {tree.get(pair[side]).level for pair in pairs for side in ("code_a", "code_b")} == {
        Level.COUNTY
    }


@pytest.mark.parametrize(
    ("layer", "count"), [("shanxi_counties", 117), ("shanxi_cities", 11), ("nanchang_districts", 9)]
)
def test_every_polygon_is_a_unit_of_the_same_name_and_carries_its_source(layer, count):
    collection = read.boundary(layer)
    tree = read.divisions()
    assert len(collection["features"]) == count
    for feature in collection["features"]:
        assert tree.get(feature["properties"]["code"]).name == feature["properties"]["name"]
    assert "Tianditu" in collection["source"]
    assert "Licence caution" in collection["caution"]


def test_areas_cover_the_126_counties_with_a_polygon():
    areas = read.table("areas")
    assert areas.num_rows == 126
    shanxi = [r["area_km2"] for r in areas.to_pylist() if r["code"].startswith("14")]
    assert sum(shanxi) == pytest.approx(156_666, abs=1)


def test_the_transmission_pairs_give_the_published_interval_and_household_share():
    pairs = read.table("transmission_pairs").to_pylist()
    assert len(pairs) == 1407
    assert sum(pair["household"] for pair in pairs) == 662  # 47 %
    days = sorted(
        (pair["infectee_onset"] - pair["infector_onset"]).days
        for pair in pairs
        if pair["infectee_onset"] and pair["infector_onset"]
    )
    assert len(days) == 679
    assert days[len(days) // 2] == 4
    assert sum(days) / len(days) == pytest.approx(5.09, abs=0.005)


def test_a_street_of_xihu_is_found_by_the_code_of_either_authority():
    streets = read.divisions().children(XIHU)
    for street in streets:
        mca = [item for item in identifiers.of_unit(street.code) if item.authority == "mca"]
        assert len(mca) == 1
        assert mca[0].value != street.code
        assert identifiers.find(mca[0].value, "mca").code == street.code
        assert identifiers.find(street.code, "nbs").code == street.code


@pytest.mark.parametrize(
    ("retired", "present", "last_year"),
    [
        ("140624000000", "140681000000", 2018),  # Huairen county, a city since
        ("140726000000", "140703000000", 2019),  # Taigu
        ("142133000000", "140681000000", 1993),  # Huairen again, two steps back
    ],
)
def test_a_retired_code_leads_to_the_unit_of_today(retired, present, last_year):
    found = identifiers.find(retired)
    assert found.code == present
    assert found.valid_to.year == last_year


def test_a_code_nobody_issued_is_not_found():
    assert identifiers.find("999999000000") is None
    assert identifiers.of_unit("999999000000") == ()


def test_links_that_cannot_be_true_are_marked_suspect():
    suspect = {
        (row["old_code"], row["new_code"])
        for row in read.table("changes").to_pylist()
        if row["suspect"]
    }
    assert ("140104000000", "120103000000") in suspect  # Taiyuan's Hexi became Tianjin's
    assert ("140203000000", "140303000000") in suspect  # Datong's Kuangqu became Yangquan's
    assert ("140227000000", "140215000000") not in suspect


@pytest.mark.parametrize("card", read.cards(), ids=lambda card: card.name)
def test_every_card_describes_the_file_that_ships(card):
    assert hashlib.sha256(read.content(card.file)).hexdigest() == card.sha256
    for text in (card.title, card.source, card.licence, card.date, card.changes, card.note):
        assert text
    rows = (
        len(read.boundary(card.name.removeprefix("boundaries/"))["features"])
        if card.name.startswith("boundaries/")
        else read.table(card.name).num_rows
    )
    assert rows == card.rows


def test_every_file_has_a_card_and_every_boundary_card_warns_of_the_licence():
    names = {card.name for card in read.cards()}
    assert names == set(SCHEMAS) | {f"boundaries/{layer}" for layer in BOUNDARIES}
    for card in read.cards():
        if card.name.startswith("boundaries/"):
            assert "Licence caution" in card.note


def test_asking_for_a_table_or_layer_that_does_not_ship_says_which_do():
    with pytest.raises(NotFound, match="divisions"):
        read.table("nonsense")
    with pytest.raises(NotFound, match="shanxi_counties"):
        read.boundary("mars")
