"""Ledger of points that officers entered on paper (积分台账)."""

from contracts.kinds.points import PointsRuleCode
from ops.ledger import cells
from ops.ledger.ledgers.common import code
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
    return Column(
        field="date",
        heading=heading,
        parse=cells.day,
        sends="occurred_at",
        takes=takes,
        example="2019-03-05",
    )


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
        code(
            "党员代码",
            "member",
            refers="members",
            gives="member_id",
            sends="subject_id",
            takes="“党员名册”中的党员代码",
            example="D410305001001-0001",
        ),
        Column(
            field="rule",
            heading="积分规则",
            family="points_rule",
            sends="rule_code",
            takes="如：参加组织生活、人工加分、人工扣分",
            example="人工加分",
        ),
        Column(
            field="amount",
            heading="分值",
            parse=cells.whole(-MOST, MOST),
            takes="人工加分、扣分、调整时填写，扣分为负数；不能超过规则的限度",
            required=False,
            example="5",
            width=10,
        ),
        Column(
            field="times",
            heading="次数",
            parse=cells.whole(1, MOST),
            takes="分值固定的规则填次数或小时数；空着为 1",
            required=False,
            width=10,
        ),
        decided("日期", "积分所属日期，如 2019-03-05；不能晚于今天"),
        evidence("纸质台账或文件的编号；同一编号、党员、规则只导入一次"),
    ),
)

VOCABULARY: Vocabulary = {"points_rule": {rule.value: rule.label for rule in PointsRuleCode}}
LEDGERS: tuple[Ledger, ...] = (POINTS,)
