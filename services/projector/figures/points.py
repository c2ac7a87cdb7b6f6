"""Figures of points."""

from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from contracts.membership.points import PointsEntered, PointsReversed
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Section,
    adds,
    removes,
)

SUBJECT = Dimension.of_kinds("subject_type", "积分对象类型", SubjectType)
RULE = Dimension.of_kinds("points_rule", "积分规则", PointsRuleCode, read="rule_code")
REASON = Dimension.of_kinds("points_reason", "事由", PointsReason, read="reason")
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "党组织", "organisation_id")

FIGURES: tuple[Figure, ...] = (
    Flow(
        "membership.points_entries",
        "积分登记",
        "条",
        "期内登记的积分条目数，不减去冲正的",
        reads=adds(PointsEntered),
        dimensions=(SUBJECT, RULE, REASON, ORGANISATION),
    ),
    Flow(
        "membership.points_earned",
        "加分",
        "分",
        "期内加分合计，冲正的在冲正之日扣回",
        clauses=(Clause(Section.MEMBERS, 40, "党员和党组织“正负积分”加分{n}"),),
        reads=(*adds(PointsEntered, "earned"), *removes(PointsReversed, "earned")),
        dimensions=(SUBJECT, RULE, ORGANISATION),
    ),
    Flow(
        "membership.points_deducted",
        "扣分",
        "分",
        "期内扣分合计，冲正的在冲正之日扣回",
        clauses=(Clause(Section.MEMBERS, 40, "扣分{n}"),),
        reads=(*adds(PointsEntered, "deducted"), *removes(PointsReversed, "deducted")),
        dimensions=(SUBJECT, RULE, ORGANISATION),
    ),
    Flow(
        "membership.points_reversals",
        "积分冲正",
        "条",
        "期内冲正的积分条目数",
        reads=adds(PointsReversed),
        dimensions=(SUBJECT, RULE, REASON, ORGANISATION),
    ),
)
NAMES: tuple[Naming, ...] = ()
