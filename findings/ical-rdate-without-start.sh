#!/usr/bin/env bash
# An event that recurs on a list of dates (RDATE) and by no rule: `ical` leaves out its first date.
#
# Versions   ical 14.3.1; beside it icalendar 7.3.0 with recurring-ical-events 3.8.2
# Input      DTSTART on the 5th and RDATE on the 7th and 9th. RFC 5545, 3.8.5.2: DTSTART is the first
#            instance, RDATE adds to it.
# Expected   three instances.
# Seen       ical: the 7th and 9th only, by dates, by times and by periods. With an RRULE beside the
#            RDATE the 5th is there. recurring-ical-events: all three, always.
# Means      an irregular series loses its first appointment in whatever reads it by `ical`. Publish
#            single events, as the feeds of this product do, or a rule beside the list.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    ical==14.3.1 icalendar==7.3.0 recurring-ical-events==3.8.2 tzdata==2026.1

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import UTC, date, datetime

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 1)
CASES = {
    "dates": ("DTSTART;VALUE=DATE:20260105", "RDATE;VALUE=DATE:20260107,20260109"),
    "times": ("DTSTART:20260105T010000Z", "RDATE:20260107T010000Z,20260109T010000Z"),
    "periods": (
        "DTSTART:20260105T010000Z",
        "RDATE;VALUE=PERIOD:20260107T010000Z/PT3H,20260109T010000Z/PT3H",
    ),
    "beside a rule": (
        "DTSTART:20260105T010000Z",
        "RRULE:FREQ=DAILY;COUNT=1",
        "RDATE:20260107T010000Z,20260109T010000Z",
    ),
}
SEEN = {
    "dates": ([7, 9], [5, 7, 9]),
    "times": ([7, 9], [5, 7, 9]),
    "periods": ([7, 9], [5, 7, 9]),
    "beside a rule": ([5, 7, 9], [5, 7, 9]),
}


def calendar(lines):
    event = ["UID:guided-tour@example.invalid", "DTSTAMP:20260101T000000Z", *lines]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//tours//EN"]
    lines = [*head, "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def by_ical(text):
    found = IcsCalendarStream.calendar_from_ics(text).timeline_tz(UTC)
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST, LAST))
    return sorted(event.dtstart.day for event in found.overlapping(start, end))


def by_recurring_ical_events(text):
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(FIRST, LAST)
    return sorted(event.start.day for event in found)


changed = False
for name, lines in CASES.items():
    text = calendar(lines)
    days = by_ical(text), by_recurring_ical_events(text)
    print(f"{name}: ical {days[0]}, recurring-ical-events {days[1]}")
    changed |= days != SEEN[name]
sys.exit("This version does otherwise." if changed else 0)
PYTHON
