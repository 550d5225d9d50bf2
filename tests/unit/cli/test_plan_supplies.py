"""`zhongshu plan supplies` on files of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.unit.cli import bad_tables as t

TEXTS = {
    "stores": "store_id,level,parent,lon,lat,cold,out_m3_per_day,in_m3_per_day\n"
    "M,city,,112.5,37.8,true,,\nC,county,M,112.6,37.9,true,,\n",
    "goods": "item,unit,rank,m3,yuan,cold\nmask,piece,1,0.001,2,false\n",
    "lots": "store_id,item,quantity,expires_on\nM,mask,70,\n",
    "needs": "store_id,item,date,quantity\nC,mask,2022-11-09,100\n",
    "suppliers": "supplier_id,item,store_id,per_day,lead_days,yuan\n",
}
RULES = """\
horizon_days: 3
neighbours: 1
detour_factor: 1.3
in_place_km: 10
km_per_day: 300
least_lead_days: 1
yuan_per_m3_km: 1.2
reserve_days: 0
"""


def asked(folder: Path, *more: object, **texts: str) -> tuple[object, ...]:
    for name, text in (TEXTS | texts).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    tables = [folder / f"{name}.csv" for name in TEXTS]
    return ("plan", "supplies", *tables, "--rules", folder / "rules.yaml", *more)


def test_moves_from_files_are_written_with_what_lacks(tmp_path: Path) -> None:
    made = asked(tmp_path, "--on", "2022-11-08", "--to", tmp_path / "made")
    assert "meet 70.0% of the needs" in t.said(*made)
    with (tmp_path / "made" / "moves.csv").open(encoding="utf-8") as file:
        moved = [
            (r["from_store"], r["to_store"], float(r["quantity"])) for r in csv.DictReader(file)
        ]
    assert moved == [("M", "C", 70.0)]
    told = json.loads((tmp_path / "made" / "answer.json").read_text(encoding="utf-8"))
    assert told["binding"] == {"no_stock": 30.0}


def test_a_store_without_a_place_is_refused(tmp_path: Path) -> None:
    nowhere = TEXTS["stores"].replace("112.6,37.9", ",")
    assert t.refusal(*asked(tmp_path, "--on", "2022-11-08", stores=nowhere)).code.startswith(
        "supply."
    )


def test_prices_from_files_are_judged(tmp_path: Path) -> None:
    t.write(tmp_path / "w.csv", [("p", "140105", "egg")], "point_id,county_code,item")
    told = [("p", "egg", f"2022-11-0{n}", yuan, "true") for n, yuan in enumerate((4, 4, 5), 6)]
    t.write(tmp_path / "r.csv", told, "point_id,item,date,yuan,in_stock")
    rules = "week_days: 7\nweek_rise: 0.1\nmonth_days: 30\nmonth_rise: 0.3\ncounty_above: 0.25\n"
    rules += "least_reports: 2\nmissing_days: 2\nout_days: 2\n"
    (tmp_path / "p.yaml").write_text(rules, encoding="utf-8")
    tables = (tmp_path / "w.csv", tmp_path / "r.csv", "--rules", tmp_path / "p.yaml")
    said = t.said("plan", "prices", *tables, "--on", "2022-11-08", "--to", tmp_path / "made")
    assert "1 of 1 prices reported, 1 findings week_rise: 1" in said
    assert "week_rise" in (tmp_path / "made" / "findings.csv").read_text(encoding="utf-8")


def test_a_last_mile_from_files_is_driven(tmp_path: Path) -> None:
    drop = ("d,S,112.55,37.8,parcel,2,20,0.1,4,false,0,480,720,true,1,1,0",)
    van = ("v,van,S,60,1,false,false,30,1.3,,9,20,480,720,true,false,50,2",)
    names = "drop_id,store_id,lon,lat,way,parcels,kg,m3,stay_min,cold,out_min,from_min,to_min,road"
    fleet = "vehicle_id,kind,store_id,kg,m3,cold,sells,km_h,detour,range_km,stops_most,turn_min"
    tables = [
        t.write(tmp_path / "s.csv", [("S", 112.5, 37.8)], "store_id,lon,lat"),
        t.write(tmp_path / "d.csv", [drop], f"{names},road_factor,rank,waited_days"),
        t.write(
            tmp_path / "v.csv",
            [van],
            f"{fleet},from_min,to_min,needs_road,needs_fair_weather,yuan_run,yuan_km",
        ),
    ]
    (tmp_path / "m.yaml").write_text("fair_weather: true\nstop_min: 2\n", encoding="utf-8")
    more = ("--rules", tmp_path / "m.yaml", "--to", tmp_path / "made")
    said = t.said("plan", "last-mile", *tables, *more)
    assert "2 of 2 parcels are brought, 1 runs" in said
    assert (tmp_path / "made" / "stops.csv").is_file()


def test_parcels_over_days_from_files_come_again(tmp_path: Path) -> None:
    drop = ("d,S,112.55,37.8,parcel,2,20,0.1,4,false,0,480,720,true,1,1,2022-11-23,3",)
    van = ("v,van,S,60,1,false,false,30,1.3,,9,20,480,720,true,false,50,2",)
    names = "drop_id,store_id,lon,lat,way,parcels,kg,m3,stay_min,cold,out_min,from_min,to_min,road"
    fleet = "vehicle_id,kind,store_id,kg,m3,cold,sells,km_h,detour,range_km,stops_most,turn_min"
    fleet += ",from_min,to_min,needs_road,needs_fair_weather,yuan_run,yuan_km"
    tables = [
        t.write(tmp_path / "s.csv", [("S", 112.5, 37.8)], "store_id,lon,lat"),
        t.write(tmp_path / "d.csv", [drop], f"{names},road_factor,rank,due_on,every_days"),
        t.write(tmp_path / "v.csv", [van], fleet),
    ]
    (tmp_path / "m.yaml").write_text("fair_weather: true\nstop_min: 2\n", encoding="utf-8")
    more = ("--rules", tmp_path / "m.yaml", "--on", "2022-11-23", "--days", 4, "--early-days", 0)
    said = t.said("plan", "last-mile", *tables, *more, "--to", tmp_path / "made")
    assert "4 parcels in 4 days, 2 runs, 0 drops late" in said
    assert (tmp_path / "made" / "late.csv").is_file()
