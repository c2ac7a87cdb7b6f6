"""Ledger of results of the yearly appraisal out of paper files (民主评议结果)."""

from contracts.kinds.appraisal import AppraisalResult
from ops.ledger.ledgers.common import choice, member, organisation, whole
from ops.ledger.ledgers.points import decided, evidence
from ops.ledger.model import Ledger, Vocabulary

RESULTS = Ledger(
    name="appraisal_results",
    sheet="评议结果",
    about="往年或在系统外完成的民主评议结果，每名党员每年一条",
    service="membership",
    collection="/v1/appraisal-results",
    path="/v1/appraisal-results",
    named_by=("year", "member"),
    columns=(
        organisation("党支部代码", "组织评议的党支部的组织代码", aliases=("组织代码",)),
        member("党员代码", "“党员名册”中的党员代码", sends="member_id"),
        whole("年度", "year", 1900, 2200, "评议的年度，四位数字", "2018"),
        choice("评议等次", "result", "appraisal_result", "优秀、合格、基本合格、不合格", "合格"),
        decided("评定日期", "支部大会或上级确定等次的日期；不能晚于今天"),
        evidence("评议登记表或会议记录的编号"),
    ),
)

VOCABULARY: Vocabulary = {
    "appraisal_result": {result.value: result.label for result in AppraisalResult}
}
LEDGERS: tuple[Ledger, ...] = (RESULTS,)
