"""The life of a booking: which step leads where."""

from contracts.kinds import BookingStatus
from services.bases.domain.bookings.model import AHEAD
from services.bases.domain.bookings.refusals import StepNotAllowed
from services.chassis.lifecycle import Lifecycle

OFFERED, PENDING = BookingStatus.OFFERED, BookingStatus.PENDING
ENDORSED, CONFIRMED = BookingStatus.ENDORSED, BookingStatus.CONFIRMED
UNDECIDED = {PENDING, ENDORSED}

LIFE = Lifecycle("booking", "预约", BookingStatus, StepNotAllowed)
OFFER = LIFE.begin("offer", "候补保留", OFFERED)
REQUEST = LIFE.begin("request", "提出", PENDING)
ANSWER = LIFE.step("accept", "接受候补名额", {OFFERED}, PENDING)
ENDORSE = LIFE.step("endorse", "初审", {PENDING}, ENDORSED)
CONFIRM = LIFE.step("confirm", "批准", UNDECIDED, CONFIRMED)
DECLINE = LIFE.step("decline", "不予批准", UNDECIDED, BookingStatus.DECLINED)
RESCHEDULE = LIFE.step("reschedule", "改期", AHEAD, None)
ASK_ANEW = LIFE.step("ask anew", "改期并重新送审", AHEAD, PENDING)
CANCEL = LIFE.step("cancel", "取消", AHEAD, BookingStatus.CANCELLED)
CHECK_IN = LIFE.step("check in", "签到", {CONFIRMED}, BookingStatus.CHECKED_IN)
COMPLETE = LIFE.step("complete", "完成", {BookingStatus.CHECKED_IN}, BookingStatus.COMPLETED)
MISS = LIFE.step("miss", "记未到场", {CONFIRMED}, BookingStatus.NO_SHOW)
RETRACT_MISS = LIFE.step("retract the miss", "撤回未到场", {BookingStatus.NO_SHOW}, CONFIRMED)
LAPSE = LIFE.step("lapse", "失效", {OFFERED, *UNDECIDED}, BookingStatus.LAPSED, clock=True)
