"""The life of an agreement: 12 states, 14 commands, 23 of 168 pairs; and that of an amendment."""

from contracts.kinds.agreements import AgreementStatus as Is
from contracts.kinds.agreements import AmendmentStatus
from services.chassis.errors import Conflict
from services.chassis.lifecycle import Lifecycle


class AgreementNotOpen(Conflict):
    code = "agreement-not-open"
    title, title_zh = (
        "The agreement does not stand where this is possible",
        "协议当前状态不能如此办理",
    )


class AmendmentNotOpen(Conflict):
    code = "amendment-not-open"
    title, title_zh = (
        "The amendment does not stand where this is possible",
        "协议变更当前状态不能如此办理",
    )


LIFE = Lifecycle("agreement", "协议", Is, AgreementNotOpen, fact="status")

DRAFT = LIFE.begin("draft", "起草", Is.DRAFT)
SUBMIT = LIFE.step("submit", "提交审核", {Is.DRAFT}, Is.IN_REVIEW)
RETURN = LIFE.step("return", "退回修改", {Is.IN_REVIEW}, Is.DRAFT)
APPROVE = LIFE.step("approve", "审核通过并发出", {Is.IN_REVIEW}, Is.OFFERED)
SIGN = LIFE.step("sign", "签署", {Is.OFFERED: Is.HALF_SIGNED, Is.HALF_SIGNED: Is.CONCLUDED})
REJECT = LIFE.step("reject", "拒签", {Is.OFFERED, Is.HALF_SIGNED}, Is.REJECTED)
REVISE = LIFE.step("revise", "修改文本", {Is.OFFERED, Is.HALF_SIGNED}, Is.DRAFT)
CANCEL = LIFE.step(
    "cancel", "撤销", {Is.DRAFT, Is.IN_REVIEW, Is.OFFERED, Is.HALF_SIGNED}, Is.CANCELLED
)
LAPSE = LIFE.step("lapse", "逾期失效", {Is.OFFERED, Is.HALF_SIGNED}, Is.LAPSED, clock=True)
BEGIN = LIFE.step("begin", "开始履行", {Is.CONCLUDED}, Is.EFFECTIVE, clock=True)
AMEND = LIFE.step("amend", "变更", {Is.CONCLUDED, Is.EFFECTIVE})
EXTEND = LIFE.step("extend", "自动续期", {Is.EFFECTIVE}, clock=True)
RENEW = LIFE.step("renew", "由续签协议接续", {Is.EFFECTIVE}, Is.RENEWED, clock=True)
EXPIRE = LIFE.step("expire", "到期", {Is.EFFECTIVE}, Is.EXPIRED, clock=True)
TERMINATE = LIFE.step("terminate", "终止", {Is.CONCLUDED, Is.EFFECTIVE}, Is.TERMINATED)

HOLDING = frozenset({Is.CONCLUDED, Is.EFFECTIVE})
"""Both sides are bound."""
ENDED = frozenset({Is.RENEWED, Is.EXPIRED, Is.TERMINATED})
CLOSED = ENDED | {Is.REJECTED, Is.CANCELLED, Is.LAPSED}
"""Nothing happens to it any more."""
OUT = frozenset({Is.OFFERED, Is.HALF_SIGNED})
"""With both sides, who may sign it."""

OF_AMENDMENT = Lifecycle("amendment", "协议变更", AmendmentStatus, AmendmentNotOpen, fact="status")

PROPOSE = OF_AMENDMENT.begin("draft", "起草", AmendmentStatus.DRAFTED)
OFFER = OF_AMENDMENT.step("offer", "发出", {AmendmentStatus.DRAFTED}, AmendmentStatus.OFFERED)
SIGN_AMENDMENT = OF_AMENDMENT.step(
    "sign",
    "签署",
    {
        AmendmentStatus.OFFERED: AmendmentStatus.HALF_SIGNED,
        AmendmentStatus.HALF_SIGNED: AmendmentStatus.AGREED,
    },
)
REJECT_AMENDMENT = OF_AMENDMENT.step(
    "reject",
    "拒签",
    {AmendmentStatus.OFFERED, AmendmentStatus.HALF_SIGNED},
    AmendmentStatus.REJECTED,
)
OPEN_AMENDMENT = frozenset(
    {AmendmentStatus.DRAFTED, AmendmentStatus.OFFERED, AmendmentStatus.HALF_SIGNED}
)
CANCEL_AMENDMENT = OF_AMENDMENT.step("cancel", "撤销", OPEN_AMENDMENT, AmendmentStatus.CANCELLED)
VOID_AMENDMENT = OF_AMENDMENT.step(
    "void", "随协议失效", OPEN_AMENDMENT, AmendmentStatus.VOID, clock=True
)
