"""Why a session or a sign-up is refused."""

from services.chassis.errors import Conflict, Invalid


class SessionOver(Conflict):
    code = "session-over"
    title, title_zh = "The session was held or cancelled", "该场次已举办或已取消"


class SessionFull(Conflict):
    code = "session-full"
    title, title_zh = "Not enough seats are left", "剩余座位不足"


class SignUpClosed(Conflict):
    code = "sign-up-closed"
    title, title_zh = "Signing up has closed", "报名已截止"


class SignedUpAlready(Conflict):
    code = "signed-up-already"
    title, title_zh = "The organisation has signed up", "该组织已报名此场次"


class SignUpOver(Conflict):
    code = "sign-up-withdrawn"
    title, title_zh = "The sign-up was withdrawn", "该报名已退出"


class SeatsBelowSignUps(Conflict):
    code = "seats-below-sign-ups"
    title, title_zh = "More seats are taken than the session is to have", "座位数少于已报名人数"


class VenueNotHeld(Conflict):
    code = "venue-not-held"
    title, title_zh = "No booking holds the venue for the session", "场馆尚未为该场次预约"


class SessionInTheWay(Conflict):
    code = "session-in-the-way"
    title, title_zh = "A session needs the venue as it is booked", "讲习场次需要此场馆预约"


class SessionNotBegun(Conflict):
    code = "session-not-begun"
    title, title_zh = "The session has not begun", "该场次尚未开始"


class AttendanceMissing(Conflict):
    code = "attendance-missing"
    title, title_zh = "It is not noted how many of each sign-up came", "尚有报名未登记到场人数"


class MoreThanSignedUp(Invalid):
    code = "more-than-signed-up"
    title, title_zh = "More came than had signed up", "到场人数超过报名人数"


class NotOfSession(Invalid):
    code = "not-of-session"
    title, title_zh = "The sign-up stands in another session or was withdrawn", "不是本场次的报名"
