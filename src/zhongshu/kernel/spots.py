"""Numbers of trains and flights, and parts of places, written one way.

``Ｇ 1234次`` and ``g1234`` are one train, ``三楼`` and ``3F`` one floor: without that, people who
travelled or stood together are never found together.  All functions take one text as typed and are
called once per distinct text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

SPOT = "#"  # a sub-place's sender id is <place_id of the whole>#<spot>
DEEPEST = 16  # parts within parts; more is a circle

# Numbers of trains and flights --------------------------------------------------------------

_FILLING = re.compile(r"[\s\-_.·•・/\\]+")
_PREFIX = re.compile(r"^(?:车次|航班号?|列车|火车|客车|班次)[:：]?")
_SUFFIX = re.compile(r"(?:次列车|次航班|次车|次|航班|列车|号车)$")
_TRAIN = re.compile(r"^([GDCZTKYLSP]?)0*([1-9]\d{0,3})$")
# Two letters or a letter and a digit (IATA), then one to four digits and perhaps a letter.
_FLIGHT = re.compile(r"^([A-Z]{2}|[A-Z]\d|\d[A-Z])0*([1-9]\d{0,3})([A-Z]?)$")
_ICAO_FLIGHT = re.compile(r"^([A-Z]{3})0*([1-9]\d{0,3})([A-Z]?)$")
# The airlines' own three letters (ICAO Doc 8585) to the two on the ticket, Chinese carriers.
_AIRLINES = {
    "CCA": "CA", "CES": "MU", "CSN": "CZ", "CHH": "HU", "CSC": "3U", "CXA": "MF", "CSZ": "ZH",
    "CDG": "SC", "CSH": "FM", "DKH": "HO", "CQH": "9C", "CBJ": "JD", "CUA": "KN", "GCR": "GS",
    "LKE": "8L",
}  # fmt: skip
_KNOWN = {"train": _TRAIN, "aircraft": _FLIGHT}


def service_number(text: str) -> str:
    """The number of a train, flight, coach or ship as compared: half-width, capitals, without
    blanks and 次; a flight by its two-letter airline, without leading zeros.  "" for nothing.

    Of two numbers of one train (``K418/419``) the first.
    """
    return _settled(_service, text)


def _service(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    plain = re.split(r"[/、,;]", plain)[0]
    plain = _SUFFIX.sub("", _PREFIX.sub("", _FILLING.sub("", plain)))
    if found := _TRAIN.match(plain):
        return found[1] + found[2]
    if found := _FLIGHT.match(plain):
        return found[1] + found[2] + found[3]
    if (found := _ICAO_FLIGHT.match(plain)) and found[1] in _AIRLINES:
        return _AIRLINES[found[1]] + found[2] + found[3]
    return plain


def looks_like(vehicle: str, number: str) -> bool:
    """Whether `number` (already one way) can be that of such a vehicle; any of a coach or ship."""
    pattern = _KNOWN.get(vehicle)
    return bool(number) and (pattern is None or pattern.match(number) is not None)


# Parts of places ------------------------------------------------------------------------------

_CHINESE = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
# Only where something is counted: the name 三晋 stays.
_COUNTED = re.compile("[零〇一二两三四五六七八九十]+(?=[楼层号区门座排车舱铺厢格F]|$)")
_FLOOR = re.compile(r"^第?(\d{1,3})(?:F|楼|层|楼层)$|^F(\d{1,3})$|^L(\d{1,3})$")
_CELLAR = re.compile(r"^(?:B|地下|负|-)(\d{1,2})(?:F|楼|层)?$")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(
    r"(?:号车厢|车厢|号车|车|号舱室|号舱|舱室|号座|号门|门|号|座|排|铺|舱|区|包厢|包间)$"
)


def spot(text: str) -> str:
    """A part of a place as compared: half-width, capitals, without blanks; Chinese numerals as
    digits, floors as ``3F`` and ``B1``.  "" for nothing."""
    return _settled(_spot, text)


def _spot(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(r"\s+", "", plain).replace(SPOT, "")
    plain = _COUNTED.sub(lambda found: _digits(found[0]), plain)
    if found := _FLOOR.match(plain):
        return f"{int(found[1] or found[2] or found[3])}F"
    if found := _CELLAR.match(plain):
        return f"B{int(found[1])}"
    return plain


def spot_number(spot_: str) -> int | None:
    """The order of a part (`spot`) along its whole: floor, gate, row; cellars count down from -1.
    None where the text holds no number, or two of them (``2区3号``)."""
    found = _DIGITS.findall(spot_)
    if len(found) != 1 or len(found[0]) > 6:
        return None
    return -int(found[0]) if _CELLAR.match(spot_) else int(found[0])


def carriage(text: str) -> str:
    """A carriage or cabin (`spot`) as part of an id: ``5号车厢`` and ``05`` are ``05``."""
    plain = _settled(lambda word: _WORDS.sub("", word), text)
    return plain.zfill(2) if plain.isdigit() else plain


def seat_number(seat: str) -> int | None:
    """The number on a seat, berth or row (`spot`): ``12A`` and ``12号中铺`` 12, ``3排2座`` 3."""
    found = _DIGITS.search(seat)
    return int(found[0]) if found and len(found[0]) <= 4 else None


def names_row(seat: str) -> bool:
    """Whether the seat says its row itself: ``12A``, ``3排``, ``3排2座``, ``3-2``."""
    return re.match(r"^\d{1,3}(?:[A-L]|排.*|-\d+.*)$", seat) is not None


def _settled(write: Callable[[str], str], text: str) -> str:
    """`write` again until nothing changes: taking a blank or a word away may uncover another.
    Each further pass only shortens, so it ends."""
    before, after = text, write(text)
    while after != before:
        before, after = after, write(after)
    return after


def _digits(numeral: str) -> str:
    """Chinese numerals to 99 as digits; longer ones sign by sign (一〇二 is 102)."""
    if "十" not in numeral:
        return "".join(str(_CHINESE[sign]) for sign in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str((_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0))
