"""What a booking may be refused with."""

from services.chassis.errors import Conflict, Forbidden, Invalid


class ImpossibleTime(Invalid):
    code = "impossible-time"
    title, title_zh = "The times are impossible", "时间不合理"


class TooFarAhead(Invalid):
    code = "too-far-ahead"
    title, title_zh = "Too far ahead to book", "超出可预约期限"


class TooLittleNotice(Invalid):
    code = "too-little-notice"
    title, title_zh = "Too late to book that time", "预约时间太晚"


class FiledOffDay(Invalid):
    code = "filed-off-day"
    title, title_zh = "Off-day bookings are filed on working days", "非工作日预约须在工作日提出"


class OrganisationWaits(Conflict):
    code = "organisation-waits"
    title, title_zh = "Missed bookings before: not yet", "爽约次数已达上限，暂停预约"


class QuotaUsed(Conflict):
    code = "quota-used"
    title, title_zh = "The quota of the organisation is used", "该组织的预约次数已满"


class VenueRetired(Conflict):
    code = "venue-retired"
    title, title_zh = "The venue is no longer in use", "场馆已停用"


class OrganisationGone(Conflict):
    code = "organisation-dissolved"
    title, title_zh = "The organisation was dissolved", "该党组织已撤销"


class OverCapacity(Conflict):
    code = "over-capacity"
    title, title_zh = "More people than the venue holds", "人数超过场馆容量"


class SlotTaken(Conflict):
    code = "slot-taken"
    title, title_zh = "The venue is taken at that time", "该时段场馆已被预约"


class VenueFull(Conflict):
    code = "venue-full"
    title, title_zh = "Not enough places left at that time", "该时段剩余名额不足"


class StepNotAllowed(Conflict):
    code = "step-not-allowed"
    title, title_zh = "A booking cannot take this step from here", "预约当前状态不允许此操作"


class TooEarly(Conflict):
    code = "too-early"
    title, title_zh = "Not before the booking begins", "预约尚未开始"


class TooLate(Conflict):
    code = "too-late"
    title, title_zh = "The booking has begun", "预约已经开始"


class LecturersNeeded(Conflict):
    code = "lecturers-needed"
    title, title_zh = "The item needs lecturers who are not assigned", "该项目尚未安排讲师"


class SecondApprover(Forbidden):
    code = "second-approver"
    title, title_zh = "The second step is another person's", "复核人不能与初审人相同"
