"""The demo's ledgers, as lines of the workbook."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from contracts.areas import LEVEL_LABEL, AreaLevel
from ops.demo import bases, office
from ops.demo.sheets import Line

DISTRICT, MAIN_BASE = bases.DISTRICT, bases.MAIN_BASE
FIRST, LAST = date(2019, 1, 1), date(2019, 12, 31)

_FOLDER = Path(__file__).parent
_NATIONAL = {"code": "区划代码", "name": "区划名称", "parent_code": "上级区划代码"}


def lines() -> dict[str, list[Line]]:
    """By ledger's name, what its sheet says: the files here, and what the office wrote."""
    files = {name: list(_read(name)) for name in ("organisations", "bases", "venues", "visits")}
    areas = [_area(line) for line in _read("divisions")]
    return {"areas": areas, **files, **office.workbook(), **bases.workbook()}


def _read(name: str) -> Iterator[Line]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _area(national: Line) -> Line:
    level = LEVEL_LABEL[AreaLevel(national["level"])]
    return {ours: national[theirs] for theirs, ours in _NATIONAL.items()} | {"级别": level}
