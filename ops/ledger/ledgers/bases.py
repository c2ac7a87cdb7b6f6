"""Ledgers of the bases service: 基地, 场馆 and 接待."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from contracts.kinds import BaseKind, Channel, Sharing, VenueKind, VisitorLevel
from ops.ledger import cells
from ops.ledger.ledgers.common import (
    area,
    base,
    choice,
    clock,
    code,
    column,
    day,
    people,
    since,
    text,
    whole,
)
from ops.ledger.model import Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL


def _ends_after_start(row: Row) -> None:
    started, ended = row.values["start"], row.values["end"]
    if isinstance(started, time) and isinstance(ended, time) and ended <= started:
        row.refuse("end", "不晚于开始时间", "填当天晚于开始时间的钟点")


def _visit(row: Row) -> dict[str, Any]:
    values = row.values
    body: dict[str, Any] = {
        "base_id": (row.target("base") or {}).get("base_id"),
        "visitor_level": values["visitor_level"],
        "channel": values["channel"],
        "headcount": values["headcount"],
        "started_at": _instant(values["date"], values["start"]),
    }
    if values.get("end") is not None:
        body["ended_at"] = _instant(values["date"], values["end"])
    if values.get("planned_headcount") is not None:
        body["planned_headcount"] = values["planned_headcount"]
    for field, member in (("venue", "venue_id"), ("organisation", "organisation_id")):
        if values.get(field) is not None:
            body[member] = (row.target(field) or {}).get(member)
    return body


def _instant(day: object, at: object) -> str:
    if not (isinstance(day, date) and isinstance(at, time)):
        raise TypeError("a visit needs a day and a time")
    return datetime.combine(day, at, LOCAL).isoformat()


def _same_visit(said: Mapping[str, Any]) -> object:
    """All that the ledger says of a visit. One that came of a booking is none of the ledger's."""
    if said.get("booking_id"):
        return None
    moments = (said.get("started_at"), said.get("ended_at"))
    return (
        *(str(said.get(name) or "") for name in ("base_id", "venue_id", "organisation_id")),
        *(said["visitor_level"], said["channel"]),
        said.get("actual_headcount") or said.get("headcount"),
        said.get("planned_headcount"),
        *(datetime.fromisoformat(at).astimezone(LOCAL) if at else None for at in moments),
    )


def _stays_in_its_base(row: Row) -> None:
    if row.existing is None or (base := row.targets.get("base")) is None:
        return
    known = row.target("base") if isinstance(base, Row) else base
    if known is None or known["base_id"] != row.existing["base_id"]:
        row.refuse("base", "该场馆已登记在另一基地", "填原来的基地代码；新场馆请另用代码")


def venue_in_base(row: Row) -> None:
    venue, base = row.targets.get("venue"), row.targets.get("base")
    if venue is None or base is None:
        return
    if isinstance(venue, Row):
        elsewhere = venue.values["base"] != row.values["base"]
    else:
        known = row.target("base")
        elsewhere = known is None or venue["base_id"] != known["base_id"]
    if elsewhere:
        right = f"填基地 {row.values['base']} 的场馆代码，或改正基地代码"
        row.refuse("venue", "不是该基地的场馆", right)


BASES = Ledger(
    name="bases",
    sheet="基地",
    about="开放式组织生活基地",
    service="bases",
    collection="/v1/bases",
    path="/v1/bases",
    one="/v1/bases?code={code}",
    edit="/v1/bases/{base_id}",
    hears=frozenset({"area-unknown"}),
    columns=(
        code("基地代码", example="JD-01"),
        text("基地名称", "name", "全称，不超过 120 个字符", "涧西区开放式组织生活基地", width=36),
        choice(
            "基地类型",
            "kind",
            "base",
            "基础型、红色型、公益型、科技型",
            "基础型",
            aliases=("基地类别",),
        ),
        area("基地所在区划的代码，须已登记或在“区划”表中", fixed=True),
        since("建成日期"),
    ),
)

VENUES = Ledger(
    name="venues",
    sheet="场馆",
    about="基地里可以预约的地方",
    service="bases",
    collection="/v1/venues",
    path="/v1/bases/{base_id}/venues",
    one="/v1/venues?code={code}",
    edit="/v1/venues/{venue_id}",
    settle=_stays_in_its_base,
    columns=(
        code(
            "基地代码",
            "base",
            refers="bases",
            sends="",
            takes="场馆所在基地的代码，须已登记或在“基地”表中",
            example="JD-01",
        ),
        code("场馆代码", example="JD-01-5F"),
        text("场馆名称", "name", "名称，不超过 120 个字符", "五楼内厅", width=24),
        choice(
            "场馆类型",
            "kind",
            "venue",
            "展厅、活动室、会议室、图书馆、课堂、广场",
            "展厅",
            aliases=("场馆类别",),
        ),
        people("容量", "capacity", "同时可容纳的人数，整数，不带单位", "60", aliases=("容纳人数",)),
        choice(
            "使用方式",
            "sharing",
            "sharing",
            "独占：一个时段只接受一个预约；共用：按容量接受多个",
            "独占",
            width=10,
        ),
        whole(
            "间隔分钟",
            "buffer_minutes",
            0,
            480,
            "两场之间留出的分钟数，0 到 480；空着为 0",
            "30",
            required=False,
        ),
        whole("楼层", "floor", -10, 200, "整数，地下为负数", "5", required=False, width=8),
        column(
            "主题",
            "themes",
            "展陈主题，用顿号隔开",
            "一个支部一个堡垒、回顾与展望",
            parse=cells.words(20, 60),
            required=False,
            width=40,
        ),
        since("启用日期"),
    ),
)

VISITS = Ledger(
    name="visits",
    sheet="接待",
    about="已经发生的来访，一行一个批次",
    service="bases",
    collection="/v1/visits",
    path="/v1/visits",
    named_by=("base", "number"),
    check=_ends_after_start,
    settle=venue_in_base,
    body=_visit,
    same=_same_visit,
    hears=frozenset({"organisation-unknown"}),
    columns=(
        code(
            "台账编号",
            "number",
            takes="纸质台账上的编号，可空；填了以编号识别，同一编号只导入一次",
            required=False,
            sends="",
            example="JD-2019-001",
        ),
        day(
            "日期",
            "date",
            "来访日期，如 2019-06-08、2019年6月8日；不能晚于今天",
            "2019-06-18",
            sends="started_at",
            aliases=("来访日期", "接待日期"),
        ),
        clock("开始时间", "start", "24 小时制，如 09:00", "09:00", sends="started_at"),
        clock(
            "结束时间",
            "end",
            "24 小时制，如 10:30；可空",
            "10:30",
            sends="ended_at",
            required=False,
        ),
        base("接待的基地的代码，须已登记或在“基地”表中"),
        code(
            "场馆代码",
            "venue",
            refers="venues",
            sends="venue_id",
            takes="参观的场馆的代码，须属于该基地；可空",
            required=False,
            example="JD-01-5F",
        ),
        choice(
            "来访层级",
            "visitor_level",
            "visitor_level",
            "中央、省、市、区、街道、社区",
            "区",
            width=10,
        ),
        choice("预约方式", "channel", "channel", "电脑、微信、电话、填表", "电话", width=10),
        code(
            "来访组织代码",
            "organisation",
            refers="organisations",
            sends="organisation_id",
            takes="来访党组织的组织代码；本区以外的来访空着",
            required=False,
            example="ZB410305001001-01",
        ),
        people(
            "预约人数",
            "planned_headcount",
            "预约时报的人数，整数，不带单位；可空",
            "30",
            required=False,
        ),
        people(
            "实到人数",
            "headcount",
            "实际到场人数，整数，不带单位",
            "28",
            aliases=("实到人次", "接待人数"),
        ),
    ),
)

VOCABULARY: Vocabulary = {
    family: {code.value: code.label for code in codes}
    for family, codes in {
        "base": BaseKind,
        "venue": VenueKind,
        "sharing": Sharing,
        "channel": Channel,
        "visitor_level": VisitorLevel,
    }.items()
}
LEDGERS: tuple[Ledger, ...] = (BASES, VENUES, VISITS)
