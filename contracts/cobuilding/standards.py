"""Facts about the kinds and rules of co-building."""

from typing import ClassVar

from contracts.standards import KindDefined, RuleIssued


class CobuildingKindDefined(KindDefined, title="共建类别已定义"):
    type: ClassVar[str] = "jiceng.cobuilding.kind.defined.v1"


class CobuildingRuleIssued(RuleIssued, title="共建规则已发布"):
    type: ClassVar[str] = "jiceng.cobuilding.rule.issued.v1"
