"""Looks at calendars as the strictest clients do: vobject, ical, and what neither of them sees."""

from collections.abc import Iterable

import vobject
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event

LONGEST_LINE = 75


def faults(raw: bytes) -> list[str]:
    """What is wrong by RFC 5545 although parsers take it; empty for a good calendar."""
    found = []
    if raw.count(b"\n") != raw.count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        found.append("a line does not end with CRLF")
    if any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        found.append("a line is longer than 75 octets")
    calendar = Calendar.from_ical(raw)
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    for event in calendar.walk("VEVENT"):
        found += _faults_of(event, zones)
    return found


def _faults_of(event: Event, zones: Iterable[str]) -> Iterable[str]:
    if event.decoded("dtend") <= event.decoded("dtstart"):
        yield "an event ends before it starts"
    for name in ("dtstart", "dtend"):
        zone = event[name].params.get("TZID")
        if zone is not None and zone not in zones:
            yield f"no VTIMEZONE says what {zone} is"


def checked(raw: bytes) -> Calendar:
    """The calendar, after everybody found it good."""
    assert faults(raw) == []
    text = raw.decode()
    for component in vobject.readComponents(text):
        component.validate(raiseException=True)
        for event in getattr(component, "vevent_list", ()):
            event.validate(raiseException=True)
    IcsCalendarStream.calendar_from_ics(text)
    calendar = Calendar.from_ical(raw)
    assert not any(component.errors for component in calendar.walk())
    return calendar


def events(raw: bytes) -> dict[str, Event]:
    """By UID, after everybody found the calendar good; no UID comes twice."""
    found = list(checked(raw).walk("VEVENT"))
    by_uid = {str(event["uid"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid
