"""Facts about the kinds and rules of bases."""

from typing import ClassVar

from contracts.standards import KindDefined, RuleIssued


class BaseKindDefined(KindDefined, title="基地类别已定义"):
    """A kind of base or venue was added or edited."""

    type: ClassVar[str] = "jiceng.bases.kind.defined.v1"


class BaseRuleIssued(RuleIssued, title="基地规则已发布"):
    """A rule of bookings has numbers of another version."""

    type: ClassVar[str] = "jiceng.bases.rule.issued.v1"
