"""OSRM and Valhalla, played by a server that answers as their documentation says."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from zhongshu.connectors import roadtables
from zhongshu.engines.transfer.trips.distances import Floats, Ints, Remembered
from zhongshu.kernel.errors import BadInput

LON, LAT = np.array([112.5, 112.6, 112.7]), np.array([37.8, 37.9, 38.0])
NAMES = ["depot 1", "site S1", "stop 7"]


class Roads(http.server.BaseHTTPRequestHandler):
    """Every pair is 1,000 m and 60 s per tenth of a degree of longitude; S1 -> stop 7 is cut when
    the path says so."""

    def do_GET(self) -> None:
        path = self.path.split("?")
        at = [float(one.split(",")[0]) for one in path[0].rsplit("/", 1)[1].split(";")]
        asked = dict(part.split("=") for part in path[1].split("&"))
        a, b = ([at[int(n)] for n in asked[key].split(";")] for key in ("sources", "destinations"))
        tenths = [[round(abs(x - y) * 10) for y in b] for x in a]
        rows = [[None if "cut" in path[0] and t == 2 else t for t in row] for row in tenths]
        metres = [[None if t is None else 1000.0 * t for t in row] for row in rows]
        seconds = [[None if t is None else 60.0 * t for t in row] for row in rows]
        self._say({"code": "Ok", "distances": metres, "durations": seconds})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        a, b = ([one["lon"] for one in asked[key]] for key in ("sources", "targets"))
        tenths = [[round(abs(x - y) * 10) for y in b] for x in a]
        rows = [[{"distance": float(t), "time": 60 * t} for t in row] for row in tenths]
        self._say({"sources_to_targets": rows})

    def _say(self, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal of the tests."""


@pytest.fixture
def url() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Roads)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_road_service_gives_the_matrix_block_by_block(
    kind: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roadtables, "BLOCK", 2)
    metres, seconds = roadtables.service(f"{kind}+{url}")(NAMES, LON, LAT)
    assert metres.tolist() == [[0, 1000, 2000], [1000, 0, 1000], [2000, 1000, 0]]
    assert seconds.tolist() == [[0, 60, 120], [60, 0, 60], [120, 60, 0]]


def test_what_was_told_is_remembered_and_only_the_rest_asked(url: str) -> None:
    asked: list[int] = []
    find = roadtables.service(f"osrm+{url}")

    def counted(names: Sequence[str], lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        asked.append(len(names))
        return find(names, lon, lat)

    roads = Remembered(counted)
    roads(NAMES, LON, LAT)
    depot, stop = ({"lon": LON[n], "lat": LAT[n]} for n in (0, 2))
    assert (roads.drive_s(depot, stop), asked) == (120, [3])
    assert roads.drive_s(depot, {"lon": 113.5, "lat": 37.8}) == 600
    assert asked == [3, 2]


def test_an_installation_names_a_service_or_a_folder(url: str, tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    at = zip(names, LON.tolist(), LAT.tolist(), strict=True)
    points = "".join(f"{name},{x},{y}\n" for name, x, y in at)
    legs = "".join(f"{a},{b},1000,60\n" for a in names for b in names if a != b)
    (tmp_path / "points.csv").write_text("point,lon,lat\n" + points)
    (tmp_path / "legs.csv").write_text("from,to,metres,seconds\n" + legs)
    metres, _ = roadtables.named(str(tmp_path))(NAMES, LON, LAT)
    assert metres.sum() == 6000
    assert roadtables.named(f"valhalla+{url}")(NAMES, LON, LAT)[1].max() == 120
    with pytest.raises(BadInput) as refusal:
        roadtables.named(str(tmp_path / "none"))
    assert refusal.value.code == "plan.unreadable"


def test_a_pair_without_a_way_is_refused_naming_it(url: str) -> None:
    with pytest.raises(BadInput, match="depot 1 -> stop 7") as refusal:
        roadtables.service(f"osrm+{url}/cut")(NAMES, LON, LAT)
    assert refusal.value.code == "transfer.matrix_gap"


def test_a_service_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        roadtables.service("osrm+http://127.0.0.1:9")(NAMES, LON, LAT)
    assert refusal.value.code == "roads.unreachable"
