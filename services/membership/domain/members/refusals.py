"""What the rules of members refuse."""

from services.chassis.errors import Conflict, Invalid


class NoBranch(Invalid):
    code = "takes-no-members"
    title, title_zh = "Members belong to branches", "该类党组织不直接管理党员"


class StepNotAllowed(Conflict):
    code = "state-does-not-allow"
    title, title_zh = "Not possible in this state", "当前身份不能进行此操作"


class OutOfOrder(Invalid):
    code = "before-last-change"
    title, title_zh = "Earlier than the last change", "早于最近一次变更"


class DatesDisagree(Invalid):
    code = "dates-disagree"
    title, title_zh = "The dates cannot be in this order", "日期先后有误"


class TooYoung(Invalid):
    code = "too-young"
    title, title_zh = "Not old enough to apply", "申请入党年龄不足"


class SameBranch(Conflict):
    code = "same-branch"
    title, title_zh = "Belongs there already", "已在该党支部"


class StillCounted(Conflict):
    code = "still-on-the-roll"
    title, title_zh = "Only of somebody who left can the data be erased", "在册人员的信息不能清除"


class CodeOfAnother(Conflict):
    code = "member-code-taken"
    title, title_zh = "The member code is in use", "党员代码已被使用"


class IdentityKnown(Conflict):
    code = "identity-number-known"
    title, title_zh = "Somebody with this identity number is registered", "该身份号码已有登记"


class StepMissing(Conflict):
    code = "step-missing"
    title, title_zh = "An earlier step is missing", "缺少前置步骤"


class StepRecorded(Conflict):
    code = "step-recorded"
    title, title_zh = "The step is recorded already", "该步骤已登记"


class TooEarly(Conflict):
    code = "too-early"
    title, title_zh = "Too early for this step", "未到规定时间，不能进行此步骤"


class TrainingTooShort(Invalid):
    code = "training-too-short"
    title, title_zh = "The training is too short", "集中培训时间不足"


class ExtensionOutOfBounds(Invalid):
    code = "extension-out-of-bounds"
    title, title_zh = "A probation is extended once, by so long", "预备期延长时间不符合规定"


class AlreadyErased(Conflict):
    code = "already-erased"
    title, title_zh = "Erased before", "个人信息此前已清除"
