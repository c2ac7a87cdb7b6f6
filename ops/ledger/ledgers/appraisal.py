"""Ledger of results of the yearly appraisal out of paper files (民主评议结果)."""

from contracts.kinds.appraisal import AppraisalResult
from ops.ledger import cells
from ops.ledger.ledgers.common import code
from ops.ledger.ledgers.points import decided, evidence
from ops.ledger.model import Column, Ledger, Vocabulary

RESULTS = Ledger(
    name="appraisal_results",
    sheet="评议结果",
    about="往年或在系统外完成的民主评议结果，每名党员每年一条",
    service="membership",
    collection="/v1/appraisal-results",
    path="/v1/appraisal-results",
    named_by=("year", "member"),
    columns=(
        code(
            "党支部代码",
            "organisation",
            refers="organisations",
            gives="organisation_id",
            sends="organisation_id",
            takes="组织评议的党支部的组织代码",
            aliases=("组织代码",),
            example="ZB410305001001-01",
        ),
        code(
            "党员代码",
            "member",
            refers="members",
            gives="member_id",
            sends="member_id",
            takes="“党员名册”中的党员代码",
            example="D410305001001-0001",
        ),
        Column(
            field="year",
            heading="年度",
            parse=cells.whole(1900, 2200),
            takes="评议的年度，四位数字",
            example="2018",
            width=10,
        ),
        Column(
            field="result",
            heading="评议等次",
            family="appraisal_result",
            takes="优秀、合格、基本合格、不合格",
            example="合格",
        ),
        decided("评定日期", "支部大会或上级确定等次的日期；不能晚于今天"),
        evidence("评议登记表或会议记录的编号"),
    ),
)

VOCABULARY: Vocabulary = {
    "appraisal_result": {result.value: result.label for result in AppraisalResult}
}
LEDGERS: tuple[Ledger, ...] = (RESULTS,)
