#!/usr/bin/env bash
# Holidays without weekends, asked of `chinesecalendar`, come with Saturdays and Sundays.
#
# Version    chinesecalendar 1.11.0
# Input      get_holidays(first, last, include_weekends=False) for February 2026. Its documentation:
#            false excludes Saturdays and Sundays. get_workdays has a parameter of the same name.
# Expected   the weekdays on which one is off; with the workdays of the same call, all weekdays.
# Seen       get_holidays leaves out the weekends that no decree names, and keeps those inside a
#            holiday: the 15th, 21st and 22nd. get_workdays leaves out by the weekday, so that the
#            Saturdays worked instead, the 14th and 28th, are gone. One parameter, two meanings: 9
#            holidays and 14 workdays "without weekends" in a month of 20 weekdays.
# Means      leave counted as "holidays without weekends" takes weekends for days off that were given.
#            Ask day by day (is_workday) and look at the weekday yourself.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chinesecalendar==1.11.0

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date

import chinese_calendar

MONTH = date(2026, 2, 1), date(2026, 2, 28)
SATURDAY = 5


def days(found):
    return [day.day for day in found]


off = chinese_calendar.get_holidays(*MONTH, include_weekends=False)
worked = chinese_calendar.get_workdays(*MONTH, include_weekends=False)
weekdays = [day for day in chinese_calendar.get_dates(*MONTH) if day.weekday() < SATURDAY]
seen = {
    "weekends among the holidays": days(day for day in off if day.weekday() >= SATURDAY),
    "weekends among the workdays": days(day for day in worked if day.weekday() >= SATURDAY),
    "make-up days that are gone": days(
        day for day in chinese_calendar.get_workdays(*MONTH) if day.weekday() >= SATURDAY
    ),
    "weekdays, holidays, workdays": [len(weekdays), len(off), len(worked)],
}
for what, found in seen.items():
    print(f"{what}: {found}")
expected = [[15, 21, 22], [], [14, 28], [20, 9, 14]]
sys.exit("This version does otherwise." if [*seen.values()] != expected else 0)
PYTHON
