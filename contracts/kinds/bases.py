"""Codes of bases, venues and bookings."""

from contracts.kinds.labelled import Labelled


class BaseKind(Labelled):
    BASIC = "basic", "基础型"
    RED = "red", "红色型"
    PUBLIC_WELFARE = "public-welfare", "公益型"
    TECHNOLOGY = "technology", "科技型"


class VenueKind(Labelled):
    HALL = "hall", "展厅"
    ACTIVITY_ROOM = "activity-room", "活动室"
    MEETING_ROOM = "meeting-room", "会议室"
    LIBRARY = "library", "图书馆"
    CLASSROOM = "classroom", "课堂"
    SQUARE = "square", "广场"


class Sharing(Labelled):
    """Whether a venue takes one booking at a time, or several up to its capacity."""

    EXCLUSIVE = "exclusive", "独占"
    SHARED = "shared", "共用"


class Channel(Labelled):
    """How a booking reached the office (四种预约方式)."""

    WEB = "web", "电脑"
    WECHAT = "wechat", "微信"
    PHONE = "phone", "电话"
    FORM = "form", "填表"


class VisitorLevel(Labelled):
    CENTRAL = "central", "中央"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    DISTRICT = "district", "区"
    STREET = "street", "街道"
    COMMUNITY = "community", "社区"


class BookingStatus(Labelled):
    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已确认"
    CHECKED_IN = "checked-in", "已签到"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已取消"
    NO_SHOW = "no-show", "未到场"


class CancelReason(Labelled):
    BY_VISITOR = "by-visitor", "来访方取消"
    BY_BASE = "by-base", "基地取消"
    WEATHER = "weather", "天气原因"
    ENTERED_WRONGLY = "entered-wrongly", "录入有误"
