"""Figures of the yearly appraisal."""

from contracts.kinds.appraisal import AppraisalResult
from contracts.membership.appraisal import AppraisalClosed, AppraisalDecided, AppraisalOpened
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Ratio,
    Section,
    adds,
)

RESULT = Dimension.of_kinds("appraisal_result", "评议等次", AppraisalResult, read="result")
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "党组织", "organisation_id")

FIGURES: tuple[Figure, ...] = (
    Flow(
        "membership.appraisals_opened",
        "启动的民主评议",
        "个",
        "期内启动年度民主评议的党组织数",
        reads=adds(AppraisalOpened),
        dimensions=(ORGANISATION,),
    ),
    Flow(
        "membership.appraisals_closed",
        "完成的民主评议",
        "个",
        "期内完成年度民主评议的党组织数",
        clauses=(Clause(Section.MEMBERS, 41, "完成民主评议党员的党组织{n}"),),
        reads=adds(AppraisalClosed),
        dimensions=(ORGANISATION,),
    ),
    Flow(
        "membership.appraised",
        "参加民主评议的党员",
        "人",
        "期内确定评议结果的党员数",
        clauses=(Clause(Section.MEMBERS, 41, "参评党员{n}", split="appraisal_result"),),
        reads=adds(AppraisalDecided),
        dimensions=(RESULT, ORGANISATION),
    ),
    Flow(
        "membership.appraised_excellent",
        "评为优秀的党员",
        "人",
        "期内民主评议结果为优秀的党员数",
        clauses=(Clause(Section.MEMBERS, 41, "其中优秀{n}"),),
        reads=adds(AppraisalDecided, result=AppraisalResult.EXCELLENT),
        dimensions=(ORGANISATION,),
    ),
    Ratio(
        "membership.excellent_rate",
        "优秀率",
        "%",
        "评为优秀的党员占参评党员的比例",
        over=("membership.appraised_excellent",),
        under=("membership.appraised",),
        scale=100,
    ),
)
NAMES: tuple[Naming, ...] = ()
