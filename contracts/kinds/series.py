"""Codes of recurring bookings (系列预约)."""

from contracts.kinds.labelled import Labelled


class Frequency(Labelled):
    """What a series recurs by."""

    DAY = "day", "每天"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    YEAR = "year", "每年"


class Weekday(Labelled):
    MONDAY = "monday", "星期一"
    TUESDAY = "tuesday", "星期二"
    WEDNESDAY = "wednesday", "星期三"
    THURSDAY = "thursday", "星期四"
    FRIDAY = "friday", "星期五"
    SATURDAY = "saturday", "星期六"
    SUNDAY = "sunday", "星期日"


class OnConflict(Labelled):
    """What becomes of a series of which some occurrences cannot be had."""

    REFUSE = "refuse", "全部不约"
    SKIP = "skip", "跳过冲突"


class SeriesScope(Labelled):
    """Which occurrences of a series a change is about; a single one is changed as any booking."""

    THIS_AND_FOLLOWING = "this-and-following", "本次及以后"
    ALL = "all", "全部未开始"
