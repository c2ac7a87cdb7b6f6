"""Teams, the menu, residents' requests, and numbers that are stated."""

from typing import Any

from ops.ledger.ledgers.common import choice, code, day, since, text, whole
from ops.ledger.ledgers.volunteering.common import (
    CONTACT,
    area_of,
    day_sent,
    flat,
    just_one,
    member_of,
    nested,
    number_of,
    organisation_of,
    person_of,
    registrant_of,
)
from ops.ledger.model import Ledger, Row

TEAMS = Ledger(
    name="volunteer_teams",
    sheet="志愿服务队",
    about="党员志愿者队伍。队员在系统中逐人登记",
    service="membership",
    collection="/v1/volunteer-teams",
    path="/v1/volunteer-teams",
    one="/v1/volunteer-teams?code={code}",
    edit="/v1/volunteer-teams/{team_id}",
    columns=(
        code("队伍代码", example="ZY-0101"),
        text("队伍名称", "name", "全称，不超过 120 个字符", "唐村社区关爱帮扶志愿服务队", width=36),
        choice(
            "队伍类别", "kind", "volunteer_team", "党员志愿服务队、义务巡防队等", "党员志愿服务队"
        ),
        organisation_of("所属党组织代码", "所属党组织的组织代码"),
        area_of("活动区划；空着同所属党组织"),
        since("组建日期"),
    ),
)


def _one_offers(row: Row) -> None:
    just_one(row, "team", "member", "registrant")


ITEMS = Ledger(
    name="service_items",
    sheet="服务菜单",
    about="居民可以“点菜”的服务项目，由志愿服务队或党员个人提供",
    service="membership",
    collection="/v1/service-items",
    path="/v1/service-items",
    one="/v1/service-items?code={code}",
    edit="/v1/service-items/{item_id}",
    check=_one_offers,
    columns=(
        code("项目代码", example="FW-0101"),
        text("项目名称", "name", "名称，不超过 120 个字符", "小家电维修", width=30),
        choice("服务类别", "service_kind", "volunteer_service", "家电维修、代买代办等", "家电维修"),
        choice(
            "服务星级",
            "star",
            "star_tier",
            "未定星级、一星级至五星级；空着不分星级",
            "未定星级",
            required=False,
        ),
        whole(
            "服务时长（分钟）",
            "duration_minutes",
            1,
            1440,
            "一次服务的分钟数，整数；空着为 60",
            "60",
            required=False,
            width=16,
        ),
        code(
            "队伍代码",
            "team",
            refers="volunteer_teams",
            gives="team_id",
            sends="team_id",
            takes="提供服务的队伍的代码",
            required=False,
            fixed=True,
            example="ZY-0101",
        ),
        member_of("党员代码", "由党员个人提供时填“党员名册”中的党员代码", required=False),
        registrant_of("在职党员报到代码", "由在职党员个人提供时填报到代码"),
        area_of("服务区划；空着同队伍或党员所在区划", fixed=True),
        since("上菜单日期"),
    ),
)


def _request(row: Row) -> dict[str, Any]:
    body = flat(row, "contact", "done") | nested(row, "contact", *CONTACT)
    if row.values.get("done_on") is not None:
        done = nested(row, "done", "minutes", "rating").get("done", {})
        body["done"] = done | {"done_at": day_sent(row, "done_on")}
    return body


def _done_first(row: Row) -> None:
    if row.values["done_on"] is None:
        for field in ("minutes", "rating"):
            if row.values[field] is not None:
                row.refuse(field, "没有完成日期", "填完成日期，或空着本列")


REQUESTS = Ledger(
    name="service_requests",
    sheet="菜单式服务登记",
    about="居民从服务菜单点单的登记表，一行一件；联系方式加密保存，办结后按期销毁",
    service="membership",
    collection="/v1/service-requests",
    path="/v1/service-requests",
    named_by=("number",),
    check=_done_first,
    body=_request,
    columns=(
        number_of("CD-2019-001"),
        code(
            "项目代码",
            "item",
            refers="service_items",
            gives="item_id",
            sends="item_id",
            takes="“服务菜单”中的项目代码",
            example="FW-0101",
        ),
        since("点单日期"),
        choice(
            "点单方式",
            "channel",
            "request_channel",
            "填写登记表、电话、微信、网上、上门；空着为填写登记表",
            "电话",
            required=False,
        ),
        area_of("居民所在社区或网格；空着同服务项目"),
        *person_of(("居民姓名", "联系电话", "服务地址"), member="contact"),
        day(
            "希望服务日期",
            "wished_on",
            "日期，可空",
            "2019-06-10",
            required=False,
            calendar_day=True,
        ),
        day(
            "完成日期",
            "done_on",
            "已完成的填完成日期，不早于点单日期；未完成空着",
            "2019-06-10",
            required=False,
            sends="done",
        ),
        whole(
            "服务分钟",
            "minutes",
            1,
            1440,
            "实际服务分钟数；空着按项目时长",
            "60",
            required=False,
            sends="done",
            width=16,
        ),
        whole(
            "评分",
            "rating",
            1,
            5,
            "居民评分，1 到 5；可空",
            "5",
            required=False,
            sends="done",
            width=16,
        ),
    ),
)


STATEMENTS = Ledger(
    name="service_statements",
    sheet="志愿服务数量申报",
    about="没有逐件登记的服务数量：实数、余数（下限）或目标，三者从不相加",
    service="membership",
    collection="/v1/service-statements",
    path="/v1/service-statements",
    named_by=(),
    columns=(
        organisation_of("申报党组织代码", "申报的党组织的组织代码"),
        area_of("所指区划；空着同申报党组织"),
        choice("申报项目", "measure", "service_measure", "菜单式服务", "菜单式服务"),
        whole("年度", "year", 1949, 2099, "四位年份", "2019"),
        whole("数量", "quantity", 0, 1_000_000, "整数，不带单位", "50"),
        choice("数量性质", "bound", "bound", "实数、余数（下限）、目标", "余数（下限）"),
        since("申报日期"),
    ),
)
