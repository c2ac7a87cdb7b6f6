"""Ledger of points that officers entered on paper (积分台账)."""

from contracts.kinds.points import PointsRuleCode
from ops.ledger import cells
from ops.ledger.ledgers.common import choice, code, day, member, whole
from ops.ledger.model import Column, Ledger, Row, Vocabulary

MOST = 10_000
EVIDENCE = cells.code(
    r"[0-9A-Za-z\u4e00-\u9fff（）〔〕()./_-]{1,60}", "填凭证或文件的编号，如 街工字〔2019〕3号"
)


def evidence(takes: str) -> Column:
    return code(
        "凭证编号",
        "evidence",
        parse=EVIDENCE,
        takes=takes,
        aliases=("台账编号", "依据文号"),
        example="JF-2019-001",
    )


def decided(heading: str, takes: str) -> Column:
    return day(heading, "date", takes, "2019-03-05", sends="occurred_at")


def _amount_or_times(row: Row) -> None:
    if row.values.get("amount") is not None and row.values.get("times") is not None:
        row.refuse("amount", "分值与次数只能填一项", "分值固定的规则填次数，其余填分值")


POINTS = Ledger(
    name="points",
    sheet="积分",
    about="人工登记的党员积分，一行一条；分值固定的规则填次数，由规则计分",
    service="membership",
    collection="/v1/points/entries",
    path="/v1/points/entries",
    named_by=("evidence", "member", "rule"),
    check=_amount_or_times,
    always={"subject_type": "member"},
    columns=(
        member("党员代码", "“党员名册”中的党员代码", sends="subject_id"),
        choice(
            "积分规则",
            "rule",
            "points_rule",
            "如：参加组织生活、人工加分、人工扣分",
            "人工加分",
            sends="rule_code",
        ),
        whole(
            "分值",
            "amount",
            -MOST,
            MOST,
            "人工加分、扣分、调整时填写，扣分为负数；不能超过规则的限度",
            "5",
            required=False,
        ),
        whole("次数", "times", 1, MOST, "分值固定的规则填次数或小时数；空着为 1", required=False),
        decided("日期", "积分所属日期，如 2019-03-05；不能晚于今天"),
        evidence("纸质台账或文件的编号；同一编号、党员、规则只导入一次"),
    ),
)

VOCABULARY: Vocabulary = {"points_rule": {rule.value: rule.label for rule in PointsRuleCode}}
LEDGERS: tuple[Ledger, ...] = (POINTS,)
