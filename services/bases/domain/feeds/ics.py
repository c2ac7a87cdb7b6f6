"""Calendars as RFC 5545 writes them, published or sent as RFC 5546 says.

Nothing in the bytes depends on when they are written: the same items are the same bytes, so their
digest is the ETag, and a client that saw them is told so.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from unicodedata import category
from uuid import UUID

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vDuration, vText

from services.bases.domain.feeds.items import Booked, Item, Standing
from services.chassis.clock import LOCAL

PRODUCER = "-//jiceng//bases//ZH"
MEDIA_TYPE = "text/calendar; charset=utf-8"
EDITION = 1
"""Counted up when the same items come to be written otherwise, so that no ETag stays."""

OFFSET = timedelta(hours=8)
STANDARD_SINCE = datetime(1991, 9, 15)  # noqa: DTZ001  a VTIMEZONE says wall time
"""Nothing stands in our calendars from before the last summer time (1991)."""


def published(items: Iterable[Item], *, name: str, about: str = "", refresh: timedelta) -> bytes:
    """A calendar to subscribe to."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", cleaned(name))
    calendar.add("x-wr-calname", cleaned(name))
    calendar.add("x-wr-timezone", LOCAL.key)
    if about:
        calendar.add("x-wr-caldesc", cleaned(about))
    calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for item in items:
        calendar.add_component(_event(item))
    return bytes(calendar.to_ical())


def method_of(item: Item) -> str:
    """What an invitation asks of a client: to keep it, or to take it away."""
    return "CANCEL" if item.standing is Standing.CANCELLED else "REQUEST"


def invitation(item: Booked) -> bytes:
    """One booking for the calendar of those who come.

    RFC 5546 demands an ORGANIZER and, of a REQUEST, an ATTENDEE. They are the base and the
    visitors by id, at addresses to which nothing can be sent: nobody's mail address is told, and
    RSVP is off. The visitors asked for it themselves, so they have accepted.
    """
    calendar = _calendar(method_of(item))
    event = _event(item)
    visitors = _address(item.organisation_id, item.visitors or "来访单位")
    visitors.params.update(
        CUTYPE="GROUP", ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"
    )
    event.add("attendee", visitors)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def digest(items: Sequence[Item], *said: object) -> str:
    """Equal for the same items and everything else that the bytes say; much cheaper than they."""
    return sha256(repr((EDITION, *said, *items)).encode()).hexdigest()[:32]


def cleaned(text: str) -> str:
    """`text` on one line, without what RFC 5545 forbids or readers take for the end of a line."""
    words = " ".join(text.split())
    return "".join(letter for letter in words if category(letter) not in {"Cc", "Cs"})


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCER)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


def _zone() -> Timezone:
    """Asia/Shanghai as it has been since 1991, in the seven lines that every client reads."""
    standard = TimezoneStandard()
    standard.add("dtstart", STANDARD_SINCE)
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", LOCAL.key)
    zone.add_component(standard)
    return zone


def _event(item: Item) -> Event:
    """PUBLISH, too, demands an ORGANIZER (RFC 5546, 3.2.1)."""
    event = Event()
    event.add("uid", f"{item.id}@jiceng")
    event.add("sequence", item.version - 1)
    event.add("dtstamp", item.changed_at.astimezone(UTC))
    event.add("created", item.recorded_at.astimezone(UTC))
    event.add("last-modified", item.changed_at.astimezone(UTC))
    event.add("dtstart", item.starts_at.astimezone(LOCAL))
    event.add("dtend", item.ends_at.astimezone(LOCAL))
    event.add("summary", cleaned(item.summary))
    if item.place:
        event.add("location", cleaned(item.place))
    if item.description:
        event.add("description", item.description)
    event.add("status", item.standing.value)
    event.add("transp", "TRANSPARENT" if item.standing is Standing.CANCELLED else "OPAQUE")
    event.add("categories", item.categories)
    event.add("organizer", _address(item.host_id, item.host if item.shown else ""))
    return event


def _address(key: UUID, name: str) -> vCalAddress:
    """Neutral: an id, and what the organisation is called."""
    address = vCalAddress(key.urn)
    if name:  # a quoted parameter has no way to say a quotation mark
        address.params["CN"] = vText(cleaned(name).replace('"', "”"))
    return address
