"""Codes of bases, venues and bookings."""

from contracts.kinds.labelled import Labelled


class BaseKind(Labelled):
    BASIC = "basic", "基础型"
    RED = "red", "红色型"
    PUBLIC_WELFARE = "public-welfare", "公益型"
    TECHNOLOGY = "technology", "科技型"
    PARTNER = "partner", "共建型"
    SERVICE_CENTRE = "service-centre", "党群服务中心"
    CIRCLE_CENTRE = "circle-centre", "商圈党群服务中心"
    SERVICE_STATION = "service-station", "党群服务工作站"
    MUSEUM = "museum", "展馆"
    SQUARE = "square", "党建文化广场"


class VenueKind(Labelled):
    HALL = "hall", "展厅"
    ACTIVITY_ROOM = "activity-room", "活动室"
    MEETING_ROOM = "meeting-room", "会议室"
    LIBRARY = "library", "图书馆"
    CLASSROOM = "classroom", "课堂"
    SQUARE = "square", "广场"
    SERVICE_CENTRE = "service-centre", "党员服务管理中心"
    FUNCTION_ROOM = "function-room", "功能室"
    STUDIO = "studio", "品牌工作室"
    VOLUNTEER_STATION = "volunteer-station", "志愿者服务站"
    DAY_CARE = "day-care", "日间照料"
    CANTEEN = "canteen", "社区小饭桌"


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
    OFFERED = "offered", "候补保留"
    PENDING = "pending", "待确认"
    ENDORSED = "endorsed", "待复核"
    CONFIRMED = "confirmed", "已确认"
    CHECKED_IN = "checked-in", "已签到"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已取消"
    NO_SHOW = "no-show", "未到场"
    DECLINED = "declined", "未批准"
    LAPSED = "lapsed", "已失效"


class CancelReason(Labelled):
    BY_VISITOR = "by-visitor", "来访方取消"
    BY_BASE = "by-base", "基地取消"
    WEATHER = "weather", "天气原因"
    ENTERED_WRONGLY = "entered-wrongly", "录入有误"


class DeclineReason(Labelled):
    """Seeds of the kinds of `decline-reason`."""

    NOT_SUITABLE = "not-suitable", "活动内容与场馆不符"
    BASE_EVENT = "base-event", "基地另有安排"
    INCOMPLETE = "incomplete", "申请信息不全"
    NO_LECTURER = "no-lecturer", "讲师无法安排"
    OTHER = "other", "其他"


class QuotaSpan(Labelled):
    """Over what a quota of bookings is counted; weeks begin on Monday."""

    WEEK = "week", "周"
    MONTH = "month", "月"
    YEAR = "year", "年"


class DayKind(Labelled):
    """What opening hours are stated for: days of the week, and days that the calendar moves."""

    MONDAY = "monday", "星期一"
    TUESDAY = "tuesday", "星期二"
    WEDNESDAY = "wednesday", "星期三"
    THURSDAY = "thursday", "星期四"
    FRIDAY = "friday", "星期五"
    SATURDAY = "saturday", "星期六"
    SUNDAY = "sunday", "星期日"
    HOLIDAY = "holiday", "法定节假日"
    MAKE_UP = "make-up", "调休工作日"
