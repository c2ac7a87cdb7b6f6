"""Ledgers of the menu: 活动菜单 with its run-sheets, and 红色套餐."""

import re
from dataclasses import replace
from typing import Any

from contracts.kinds import VenueKind
from contracts.kinds.labelled import Labelled
from contracts.kinds.lecturers import LecturerSkill
from contracts.kinds.menu import MenuItemKind
from contracts.kinds.places import EquipmentKind
from ops.ledger import cells
from ops.ledger.cells import Cell, Parser, Unreadable, Value
from ops.ledger.ledgers.common import (
    CODE,
    area,
    choice,
    code,
    column,
    people,
    since,
    text,
    whole,
)
from ops.ledger.model import Column, Ledger, Row, Vocabulary, sent

MINUTES = cells.whole(1, 24 * 60)
STEP = re.compile(r"(?P<title>[^:()]+):(?P<minutes>\d{1,4})分?钟?(?:\((?P<needs>[^()]+)\))?")
PAUSE = re.compile(r"(?:间歇|休息)(?P<minutes>\d{1,3})(?:分钟?)?")
SPLIT = re.compile(r"[、,;\n]")
BETWEEN = "\x1f"
"""Between the parts of one step or one item, as a row keeps them."""


def labels(kinds: type[Labelled]) -> Parser:
    """Labels or codes of `kinds`; what a district added itself is written as its code."""
    known = {kind.label: kind.value for kind in kinds}

    def parse(cell: Cell) -> Value:
        found = cells.words(20, 40)(cell)
        return tuple(known.get(word, word) for word in found) if isinstance(found, tuple) else ()

    return parse


def steps(cell: Cell) -> Value:
    """`列队:5、领誓:15（党旗）`: what is done, minutes, and what is laid out for it."""
    found = []
    for part in SPLIT.split(cells.plain(cell)):
        if not part.strip():
            continue
        match = STEP.fullmatch(part.strip().replace(" ", ""))
        if match is None:
            raise Unreadable("认不出的流程环节", "填 列队:5、领誓:15（党旗），括号内为所需物品")
        found.append(BETWEEN.join((match["title"], match["minutes"], match["needs"] or "")))
    return tuple(found)


def parts(cell: Cell) -> Value:
    """`XM-01、间歇10、XM-02`: items in order, with the minutes between them."""
    found = []
    pause = 0
    for part in SPLIT.split(cells.plain(cell)):
        if not part.strip():
            continue
        if match := PAUSE.fullmatch(part.strip().replace(" ", "")):
            pause += int(match["minutes"])
            continue
        found.append(f"{CODE(part.strip())}{BETWEEN}{pause}")
        pause = 0
    if pause or not found:
        raise Unreadable("没有项目，或以间歇结尾", "填 XM-01、间歇10、XM-02")
    return tuple(found)


def by_base_or_area(row: Row) -> None:
    """Offered by one base, or by every base of an area."""
    if (row.values.get("base") is None) == (row.values.get("area") is None):
        row.refuse("base", "基地与区划须填一个，且只填一个", "一个基地提供的填基地；全区划的填区划")


def _item(row: Row) -> dict[str, Any]:
    body = _said(row)
    body["steps"] = [
        {"title": title, "minutes": int(minutes), "needs": needs or None}
        for title, minutes, needs in (step.split(BETWEEN) for step in body.get("steps", ()))
    ]
    return body


def _package(row: Row) -> dict[str, Any]:
    body = _said(row)
    body["parts"] = [
        {"item_code": item, "pause_minutes": int(pause)}
        for item, pause in (part.split(BETWEEN) for part in body["parts"])
    ]
    return body


def _said(row: Row) -> dict[str, Any]:
    return {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if row.values.get(column.field) is not None
    }


def _fits(row: Row) -> None:
    by_base_or_area(row)
    told, minutes = row.values.get("steps"), row.values.get("duration_minutes")
    if isinstance(told, tuple) and isinstance(minutes, int):
        taken = sum(int(step.split(BETWEEN)[1]) for step in told)
        if taken > minutes:
            row.refuse("steps", f"各环节共 {taken} 分钟", f"合计不超过时长 {minutes} 分钟")


def base(takes: str) -> Column:
    """Optional: what has no base is of an area."""
    return code(
        "基地代码",
        "base",
        refers="bases",
        gives="base_id",
        sends="base_id",
        takes=takes,
        required=False,
        fixed=True,
        example="JD-01",
    )


def optional_area(takes: str) -> Column:
    return replace(area(takes, fixed=True), required=False)


def _minutes(field: str, heading: str, takes: str, *, required: bool = False) -> Column:
    return column(heading, field, takes, "30", parse=MINUTES, required=required, width=10)


def _people(field: str, heading: str, takes: str, *, required: bool) -> Column:
    return people(heading, field, takes, "40", required=required)


ITEMS = Ledger(
    name="menu_items",
    sheet="活动菜单",
    about="在基地可以开展的活动，连同流程",
    service="bases",
    collection="/v1/menu-items",
    path="/v1/menu-items",
    one="/v1/menu-items?code={code}",
    edit="/v1/menu-items/{item_id}",
    hears=frozenset({"area-unknown"}),
    check=_fits,
    body=_item,
    columns=(
        code("项目代码", fixed=True, example="XM-01"),
        text("项目名称", "name", "全称，不超过 120 个字符", "重温入党誓词", width=24),
        choice(
            "项目类别",
            "kind",
            "menu-item",
            "参观学习、重温入党誓词、党课、讲习、观影、座谈交流、党史竞赛、主题党日等",
            "重温入党誓词",
        ),
        base("由一个基地提供的，填该基地的代码；由全区划各基地提供的空着"),
        optional_area("由区划内各基地提供的，填区划代码；由一个基地提供的空着"),
        _minutes("duration_minutes", "时长分钟", "通常时长，分钟", required=True),
        _minutes("least_minutes", "最短分钟", "至少多少分钟；空着与时长相同"),
        _minutes("most_minutes", "最长分钟", "至多多少分钟；空着与时长相同"),
        _people("least_headcount", "最少人数", "成团的最少人数；空着为 1", required=False),
        _people("most_headcount", "最多人数", "一批的最多人数，整数，不带单位", required=True),
        column(
            "适用场馆类型",
            "venue_kinds",
            "展厅、活动室、会议室等，用顿号隔开；空着为不限",
            "展厅、广场",
            parse=labels(VenueKind),
            required=False,
            width=20,
        ),
        column(
            "希望配备的设备",
            "equipment_kinds",
            "投影仪、音响、讲解器等，用顿号隔开；可空",
            "音响、党旗与宣誓台",
            parse=labels(EquipmentKind),
            required=False,
            width=20,
        ),
        choice(
            "讲师专长",
            "skill_code",
            "lecturer-skill",
            "党史、理论宣讲、展厅讲解、主持仪式等；不需要讲师的空着",
            "主持仪式",
            required=False,
        ),
        whole(
            "讲师人数", "lecturer_count", 0, 20, "需要几名讲师；不需要的空着", "1", required=False
        ),
        column(
            "流程",
            "steps",
            "“环节:分钟”，用顿号隔开，括号内为所需物品；合计不超过时长",
            "列队:5、领誓:15（党旗）、合影:10",
            parse=steps,
            required=False,
            width=40,
        ),
        since("发布日期"),
    ),
)

PACKAGES = Ledger(
    name="packages",
    sheet="红色套餐",
    about="依次开展的多个菜单项目",
    service="bases",
    collection="/v1/packages",
    path="/v1/packages",
    one="/v1/packages?code={code}",
    edit="/v1/packages/{package_id}",
    hears=frozenset({"area-unknown"}),
    check=by_base_or_area,
    body=_package,
    columns=(
        code("套餐代码", fixed=True, example="TC-01"),
        text("套餐名称", "name", "全称，不超过 120 个字符", "红色套餐", width=24),
        base("由一个基地提供的，填该基地的代码；由全区划各基地提供的空着"),
        optional_area("由区划内各基地提供的，填区划代码；由一个基地提供的空着"),
        column(
            "项目",
            "parts",
            "菜单项目的代码，按先后用顿号隔开；两项之间可写“间歇10”（分钟）",
            "XM-01、间歇10、XM-02",
            parse=parts,
            width=40,
        ),
        since("发布日期"),
    ),
)

VOCABULARY: Vocabulary = {
    family: {kind.value: kind.label for kind in kinds}
    for family, kinds in {"menu-item": MenuItemKind, "lecturer-skill": LecturerSkill}.items()
}
LEDGERS: tuple[Ledger, ...] = (ITEMS, PACKAGES)
