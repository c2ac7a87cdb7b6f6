"""Facts announced about the kinds and rules that membership keeps."""

from typing import ClassVar

from contracts.standards import KindDefined, RuleIssued


class MembershipKindDefined(KindDefined, title="党建类别已定义"):
    """A kind of organisation, activity, post, register ... was added or edited."""

    type: ClassVar[str] = "jiceng.membership.kind.defined.v1"


class MembershipRuleIssued(RuleIssued, title="党建规则已发布"):
    """A rule of membership was renewed."""

    type: ClassVar[str] = "jiceng.membership.rule.issued.v1"
