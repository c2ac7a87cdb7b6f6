"""Codes of what is owed how often."""

from contracts.kinds.labelled import Labelled


class Every(Labelled):
    """Length of the periods in which something is owed; weeks begin on Monday."""

    WEEK = "week", "每周"
    MONTH = "month", "每月"
    TWO_MONTHS = "two-months", "每两月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half-year", "每半年"
    YEAR = "year", "每年"
