"""Codes of the working calendar."""

from contracts.kinds.labelled import Labelled


class Holiday(Labelled):
    """What a day off, or the day worked instead of it, belongs to."""

    NEW_YEAR = "new-year", "元旦"
    SPRING_FESTIVAL = "spring-festival", "春节"
    TOMB_SWEEPING = "tomb-sweeping", "清明节"
    LABOUR_DAY = "labour-day", "劳动节"
    DRAGON_BOAT = "dragon-boat", "端午节"
    MID_AUTUMN = "mid-autumn", "中秋节"
    NATIONAL_DAY = "national-day", "国庆节"
    COMMEMORATION = "commemoration", "国家纪念日"
    OTHER = "other", "其他安排"
