"""Which tests belong to a room."""

import re
from pathlib import Path

import pytest

from ops import walk
from ops.walk import House

ROWS_OF_ROOMS = re.compile(r"^\| (`[a-z_`, ]+`) \|", re.MULTILINE)

EVENT = "from contracts.membership.reserve import ReserveJoined"
FILES = {
    "services/playroom/domain/toys/kites.py": EVENT,
    "services/playroom/domain/toys/tops.py": "",
    "services/playroom/domain/shelves.py": "",
    "services/playroom/tables/toys/rows.py": "",
    "services/playroom/handlers/toys/kites.py": "",
    "services/playroom/handlers/toys/tops.py": "",
    "services/playroom/api/drawers.py": "",
    "tests/unit/playroom/test_strings.py": "from services.playroom.domain.toys import kites",
    "tests/unit/playroom/test_boxes.py": "from services.playroom.domain import shelves",
    "tests/unit/projector/test_toys_figures.py": "ReserveJoined",
    "tests/unit/projector/test_fold.py": "# kites, but none of their events",
    "tests/unit/ledger/test_sheets.py": "# a sheet of kites",
    "tests/service/playroom/test_toys_kites.py": "",
    "tests/service/playroom/test_toys_races.py": "# kites race",
    "tests/service/playroom/test_toys_tops.py": "# as kites do",
    "tests/service/playroom/test_every_command.py": "# GET /v1/kites",
    "tests/service/playroom/test_shelves.py": "# and /v1/drawers, as kites",
    "tests/service/games/test_kites.py": "",
    "tests/system/test_kites.py": "",
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "services/playroom/handlers/__init__.py").touch()
    return House(tmp_path)


def names(paths: list[Path]) -> list[str]:
    return [path.stem.removeprefix("test_") for path in paths]


def test_a_room_is_what_layers_share(house: House) -> None:
    assert house.rooms == {"toys", "kites", "tops", "shelves", "drawers"}


def test_tests_are_found_by_name_import_event_and_what_they_speak_of(house: House) -> None:
    found = ["sheets", "strings", "toys_figures", "every_command", "toys_kites", "toys_races"]
    assert names(house.tests_of("kites")) == found
    assert house.events_of("kites") == {"ReserveJoined": "jiceng.membership.reserve.joined.v1"}


def test_a_package_is_a_room_with_all_that_is_in_it(house: House) -> None:
    found = ["strings", "toys_figures", "toys_kites", "toys_races", "toys_tops"]
    assert names(house.tests_of("toys")) == found


def test_a_room_without_tests_of_its_own_lodges_with_another(house: House) -> None:
    assert names(house.tests_of("drawers")) == ["shelves"]


def test_an_unknown_room_is_answered_with_those_of_a_like_name(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(house.root)
    assert walk.main("kite") == 2
    assert capsys.readouterr().out == "There is no room kite. There is: kites\n"


def test_every_room_that_is_told_of_has_tests() -> None:
    told = [
        room
        for shelf in Path("services/README.md").read_text("utf-8").split("## The rooms of ")[1:]
        for rooms in ROWS_OF_ROOMS.findall(shelf)
        for room in re.findall(r"[a-z_]+", rooms)
    ]
    house = House()
    assert "reserve" in told
    assert [room for room in told if room not in house.rooms or not house.tests_of(room)] == []
