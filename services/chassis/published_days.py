"""What the State Council's yearly notices arrange, as far as the pinned package knows it.

Only seeds: a district enters the years that follow, and what is entered prevails.
"""

from functools import cache

import chinese_calendar.constants as published  # type: ignore[import-untyped]

from services.chassis.working_days import WorkingCalendar, weekday_rule


@cache
def published_calendar() -> WorkingCalendar:
    """All years that the package covers; only days that break the rule of the weekday."""
    arranged = {
        **dict.fromkeys(published.holidays, False),
        **dict.fromkeys(published.workdays, True),
    }
    return WorkingCalendar(
        frozenset(day.year for day in arranged),
        {day: works for day, works in sorted(arranged.items()) if works != weekday_rule(day)},
    )
