"""Ledgers of working members: 来源单位, 报到, 岗位, 认领 and 服务记录."""

from typing import Any

from contracts.kinds.books import Bound
from contracts.kinds.working import ServicePostKind, Skill, WorkingOccupation
from ops.ledger import cells
from ops.ledger.cells import Cell, Value
from ops.ledger.ledgers.common import AREA_CODE, area, code, column, since, text, whole
from ops.ledger.model import Column, Ledger, Vocabulary

COUNT = cells.whole(0, 1_000_000)
SKILLS = {skill.label: skill.value for skill in Skill}
EMPLOYER_TAKES = "来源单位的代码，须已登记或在“来源单位”表中"


def skills(cell: Cell) -> Value:
    """Labels or codes; what a district added itself is written as its code."""
    found = cells.words(12, 40)(cell)
    return tuple(SKILLS.get(word, word) for word in found) if isinstance(found, tuple) else ()


def hour(cell: Cell) -> Value:
    """`09:00`, as the service reads it."""
    return f"{cells.clock_time(cell):%H:%M}"


def place(heading: str, field: str, takes: str, **more: Any) -> Column:
    given: dict[str, Any] = {"refers": "areas", "parse": AREA_CODE, "takes": takes}
    return code(heading, field, **(given | more))


def day(field: str, heading: str, **more: Any) -> Column:
    given: dict[str, Any] = {
        "takes": "日期，如 2019-06-08",
        "parse": cells.day,
        "calendar_day": True,
        "example": "2019-06-08",
        "width": 12,
    }
    return Column(field=field, heading=heading, **(given | more))


def count(field: str, heading: str, takes: str, **more: Any) -> Column:
    given: dict[str, Any] = {"parse": COUNT, "required": False, "width": 10}
    return Column(field=field, heading=heading, takes=takes, **(given | more))


def choice(field: str, heading: str, family: str, **more: Any) -> Column:
    given: dict[str, Any] = {"takes": "下拉列表中的一个", "width": 14}
    return Column(field=field, heading=heading, family=family, **(given | more))


COMMUNITY = place(
    "社区代码",
    "community",
    "12 位社区代码，须已登记或在“区划”表中",
    fixed=True,
    example="410305001001",
)
GRID = place(
    "网格代码",
    "grid",
    "15 位网格代码，须属于该社区；可空",
    required=False,
    example="410305001001001",
)

EMPLOYERS = Ledger(
    name="employers",
    sheet="来源单位",
    about="在职党员所在单位。只填单位，不填个人",
    service="membership",
    collection="/v1/employers",
    path="/v1/employers",
    one="/v1/employers?code={code}",
    edit="/v1/employers/{employer_id}",
    columns=(
        code("单位代码", aliases=("来源单位代码",), example="DW-01"),
        text("单位名称", "name", "全称，不超过 120 个字符", "某某大学", width=30),
        area("单位所在区划的代码，填到区即可"),
    ),
)

REGISTRANTS = Ledger(
    name="registrants",
    sheet="报到",
    about="在职党员到社区报到。姓名、电话加密保存；同一电话在一个社区只能报到一次",
    service="membership",
    collection="/v1/registrants",
    path="/v1/registrants",
    one="/v1/registrants?code={code}",
    edit="/v1/registrants/{registrant_id}",
    columns=(
        code("报到编号", example="BD-001"),
        column("姓名", "name", "姓名", "张示例", parse=cells.text(60), personal=True),
        column(
            "电话",
            "phone",
            "手机或固定电话号码",
            "13900000001",
            parse=cells.code(r"\+?[0-9][0-9 -]{5,18}[0-9]", "填电话号码，如 13900000001"),
            personal=True,
        ),
        COMMUNITY,
        GRID,
        code(
            "单位代码",
            "employer",
            refers="employers",
            gives="employer_id",
            sends="employer_id",
            takes=EMPLOYER_TAKES,
            aliases=("来源单位代码",),
            example="DW-01",
        ),
        choice("occupation", "职业", "working_occupation", example="教师"),
        column(
            "专长",
            "skills",
            "最擅长的写在前面，用顿号隔开，如：法律、矛盾调解；可空",
            "教育辅导",
            parse=skills,
            required=False,
        ),
        since("报到日期"),
    ),
)

POSTS = Ledger(
    name="service_posts",
    sheet="岗位",
    about="社区设立的服务岗位和名额",
    service="membership",
    collection="/v1/posts",
    path="/v1/posts",
    one="/v1/posts?code={code}",
    edit="/v1/posts/{post_id}",
    columns=(
        code("岗位编号", example="GW-001"),
        text("岗位名称", "title", "不超过 120 个字符，不写个人信息", "独居老人陪护岗", width=28),
        choice("kind", "服务类别", "service_post", example="助老帮扶"),
        COMMUNITY,
        GRID,
        column(
            "所需专长",
            "skills",
            "用顿号隔开；空着表示不限",
            "护理照料",
            parse=skills,
            required=False,
        ),
        whole("名额", "places", 1, 10_000, "整数，不带单位", "3"),
        day("starts_on", "开始日期"),
        day("ends_on", "截止日期", required=False, takes="最后一天；长期设立的空着"),
        since("设立日期"),
    ),
)

CLAIMS = Ledger(
    name="claims",
    sheet="认领",
    about="在职党员认领服务岗位，一行一次认领；名额和每人上限由系统把关",
    service="membership",
    collection="/v1/claims",
    path="/v1/posts/{post_id}/claims",
    one="/v1/claims?code={code}",
    columns=(
        code("认领编号", example="RL-001"),
        code(
            "岗位编号",
            "post",
            refers="service_posts",
            gives="post_id",
            sends="",
            takes="岗位的编号，须已登记或在“岗位”表中",
            fixed=True,
            example="GW-001",
        ),
        code(
            "报到编号",
            "registrant",
            refers="registrants",
            gives="registrant_id",
            sends="registrant_id",
            takes="认领人的报到编号，须已登记或在“报到”表中",
            fixed=True,
            example="BD-001",
        ),
        since("认领日期"),
    ),
)

RECORDS = Ledger(
    name="service_records",
    sheet="服务记录",
    about="一行一次服务活动，或旧台账中的一笔合计。人次不是人数；记录有误的作废后重登",
    service="membership",
    collection="/v1/service-records",
    path="/v1/service-records",
    one="/v1/service-records?code={code}",
    columns=(
        code("记录编号", example="FW-001"),
        COMMUNITY,
        GRID,
        choice("kind", "服务类别", "service_post", fixed=True, example="助老帮扶"),
        day("held_on", "服务日期", fixed=True),
        column(
            "开始时间",
            "start",
            "24 小时制，如 09:00；可空，填了才能分八小时内外",
            "09:00",
            parse=hour,
            required=False,
            width=10,
        ),
        count(
            "minutes",
            "时长（分钟）",
            "一次服务的分钟数；可空",
            parse=cells.whole(0, 1440),
            fixed=True,
            example="90",
        ),
        column(
            "参加人员",
            "registrant_codes",
            "各人的报到编号，用顿号隔开；不记姓名的空着，只填人次",
            "BD-001、BD-002",
            parse=cells.words(500, 40),
            required=False,
            width=24,
        ),
        count(
            "attended",
            "参加人次",
            "所有参加者合计；空着按所列人员计",
            fixed=True,
            aliases=("人次",),
            example="2",
        ),
        count(
            "sessions",
            "活动次数",
            "空着为 1；只有人次、没有次数的合计填 0",
            fixed=True,
            example="1",
        ),
        count("beneficiaries", "受益人次", "服务到的群众人次；可空", fixed=True, example="12"),
        choice(
            "bound",
            "数量性质",
            "bound",
            required=False,
            fixed=True,
            takes="实数；“余”“多”“不少于”填余数（下限）；计划数填目标；空着为实数",
            example="实数",
        ),
    ),
)

VOCABULARY: Vocabulary = {
    "service_post": {kind.value: kind.label for kind in ServicePostKind},
    "working_occupation": {kind.value: kind.label for kind in WorkingOccupation},
    "bound": {kind.value: kind.label for kind in Bound},
}
LEDGERS: tuple[Ledger, ...] = (EMPLOYERS, REGISTRANTS, POSTS, CLAIMS, RECORDS)
