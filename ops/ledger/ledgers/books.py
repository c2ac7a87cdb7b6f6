"""Ledgers of the organisations' books: 登记簿, 经费, 任务清单 and 辖区概况."""

from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.kinds.books import Bound, FundKind, ProfileKind, Rank, RegisterKind, TaskKind
from ops.ledger import cells
from ops.ledger.cells import Cell, Unreadable, plain
from ops.ledger.ledgers.common import area, choice, code, column, day, since, text
from ops.ledger.model import Column, Ledger, Vocabulary

QUANTITY = cells.whole(0, 10**12)
FEN = 100
MOST_YUAN = 10**10


def yuan(cell: Cell) -> int:
    """Money in 元 or, with the unit, in 万元; as fen."""
    written = plain(cell).replace(",", "").replace(" ", "")
    right = "填金额，如 35000、35000.50 或 3.5万元"
    times = 10_000 if written.rstrip("元").endswith("万") else 1
    try:
        fen = Decimal(written.rstrip("元").rstrip("万")) * times * FEN
    except InvalidOperation:
        raise Unreadable("不是金额", right) from None
    if not fen.is_finite() or fen != fen.to_integral_value() or not 0 < fen <= MOST_YUAN * FEN:
        raise Unreadable("金额不在范围内或小于一分", right)
    return int(fen)


def kind(family: str, example: str) -> Column:
    return choice(
        "类别",
        "kind",
        family,
        "下拉列表中的一个；需要新类别时先由区里在类别表中增加",
        example,
        width=22,
        fixed=False,
    )


def bound(field: str, heading: str) -> Column:
    return choice(
        heading,
        field,
        "bound",
        "实数；“余”“多”“不少于”填余数（下限）；计划数填目标；空着为实数",
        "实数",
        required=False,
        width=12,
    )


def label(heading: str, example: str) -> Column:
    return text(heading, "label", "不超过 120 个字符，不写个人信息", example, width=36)


def organisation() -> Column:
    return code(
        "组织代码",
        "organisation",
        refers="organisations",
        gives="organisation_id",
        sends="organisation_id",
        takes="党组织的组织代码；属于整个区划的空着",
        required=False,
        fixed=True,
        example="DW410305001001",
    )


QUANTITY_COLUMN = column(
    "数量", "quantity", "整数，不带单位；空着为 1", "38", parse=QUANTITY, required=False, width=10
)
RANK_COLUMN = choice(
    "级别",
    "rank",
    "rank",
    "国家级、省级、市级、区级、街道级、社区级；没有则空着",
    "市级",
    required=False,
    width=10,
)
NUMBER = code("编号", takes="条目自己的编号，全系统不重复；重复导入时凭它识别", fixed=True)
WHERE = area("条目所属区划的代码，须已登记或在“区划”表中")
SHARED: dict[str, Any] = {
    "service": "membership",
    "collection": "/v1/book-entries",
    "path": "/v1/book-entries",
    "one": "/v1/book-entries?code={code}",
    "edit": "/v1/book-entries/{entry_id}",
}


REGISTERS = Ledger(
    name="registers",
    sheet="登记簿",
    about="品牌、荣誉、阵地、平台、刊登、典型、示范岗、承诺书等；一次性的按发生日期，在册的按起始日期",
    **SHARED,
    always={"book": "register"},
    columns=(
        NUMBER,
        kind("register", "媒体刊登"),
        WHERE,
        organisation(),
        label("名称", "全年刊登信息"),
        RANK_COLUMN,
        QUANTITY_COLUMN,
        bound("bound", "数量性质"),
        since("日期"),
    ),
)

FUNDS = Ledger(
    name="funds",
    sheet="经费",
    about="各类经费和投入，一笔一行；按拨付或投入日期计入年度",
    **SHARED,
    always={"book": "fund"},
    columns=(
        NUMBER,
        kind("fund", "社区建设经费"),
        WHERE,
        organisation(),
        label("项目", "小游园建设"),
        column(
            "金额",
            "amount",
            "元，或写明“万元”，如 35000 或 3.5万元",
            "350万元",
            parse=yuan,
            sends="amount_fen",
            width=14,
        ),
        bound("amount_bound", "金额性质"),
        QUANTITY_COLUMN,
        bound("bound", "数量性质"),
        since("日期"),
    ),
)

TASKS = Ledger(
    name="tasks",
    sheet="任务清单",
    about="目标责任书、三单、书记抓党建台账：谁负责、何时完成",
    **SHARED,
    always={"book": "task"},
    columns=(
        NUMBER,
        kind("task", "党建目标责任书"),
        WHERE,
        organisation(),
        label("任务", "2019年度党建目标责任书"),
        day(
            "期限",
            "due",
            "日期，如 2019-12-31",
            "2019-12-31",
            sends="due_on",
            calendar_day=True,
            required=False,
        ),
        since("下达日期"),
    ),
)

PROFILES = Ledger(
    name="profiles",
    sheet="辖区概况",
    about="面积、人口等概况数字，注明来源；同一区划同一类别同一天只有一个",
    service="membership",
    collection="/v1/profile-numbers",
    path="/v1/profile-numbers",
    named_by=("area", "kind", "since"),
    columns=(
        area("概况所属区划的代码，须已登记或在“区划”表中"),
        kind("profile", "户籍人口（人）"),
        column("数值", "quantity", "整数，单位见类别", parse=QUANTITY),
        text("数据来源", "source", "哪个部门、哪次统计", "街道统计站2019年年报", width=30),
        since("起算日期"),
    ),
)

VOCABULARY: Vocabulary = {
    family: {code.value: code.label for code in codes}
    for family, codes in {
        "register": RegisterKind,
        "fund": FundKind,
        "task": TaskKind,
        "profile": ProfileKind,
        "rank": Rank,
        "bound": Bound,
    }.items()
}
LEDGERS: tuple[Ledger, ...] = (REGISTERS, FUNDS, TASKS, PROFILES)
