"""Calendars byte by byte: whatever is in the names, every strict reader takes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

from contracts.kinds import BookingStatus, VisitorLevel
from contracts.kinds.courses import SessionStatus
from services.bases.domain.feeds import ics
from services.bases.domain.feeds.items import Assigned, Booked, Closed, Standing, Taught, standing
from services.bases.domain.feeds.keys import (
    FeedEnded,
    FetchedTooOften,
    Key,
    TooManyFeeds,
    check_room,
    fresh_secret,
    hashed,
    refuse,
)
from services.bases.domain.feeds.terms import FeedTerms
from tests.calendars import checked, events, faults

AT = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = UUID("01900000-0000-7000-8000-000000000001")
COMMON = {
    "id": KEY,
    "version": 1,
    "area": "410305001001",
    "starts_at": AT,
    "ends_at": AT + HOUR,
    "recorded_at": AT - HOUR,
    "changed_at": AT - HOUR,
    "host_id": UUID(int=2),
    "host": "测试基地",
    "venue": "一号展厅",
}
BOOKED = Booked(
    **COMMON,
    status=BookingStatus.CONFIRMED,
    organisation_id=UUID(int=3),
    visitors="唐村社区第一党支部",
    activity="重温入党誓词",
    headcount=20,
    visitor_level=VisitorLevel.DISTRICT,
    off_day=False,
)
CLOSED = Closed(**COMMON, reason="设施维护", withdrawn=False)
TAUGHT = Taught(**COMMON, status=SessionStatus.ANNOUNCED, course="党史第一讲")
ASSIGNED = Assigned(
    **COMMON, holds=True, completed=False, status=None, task="讲解值班", subject=None
)


def feed(*items, name: str = "测试基地") -> bytes:
    return ics.published(items, name=name, refresh=HOUR)


# The checks bite


def test_a_good_feed_has_no_fault():
    assert faults(feed(BOOKED)) == []


SPOILT = {
    "lf": (b"\r\n", b"\n", "a line does not end with CRLF"),
    "cr": (b"END:VEVENT\r\n", b"END:VEVENT\r\r\n", "a line does not end with CRLF"),
    "unfolded": (b"\r\n ", b"", "a line is longer than 75 octets"),
    "backwards": (b"T100000", b"T080000", "an event ends before it starts"),
    "at once": (b"T100000", b"T090000", "an event ends before it starts"),
    "zone": (b"TZID:Asia", b"TZID:Else", "no VTIMEZONE says what Asia/Shanghai is"),
}


@pytest.mark.parametrize(("good", "bad", "fault"), SPOILT.values(), ids=SPOILT)
def test_each_of_the_four_checks_bites_on_a_bad_feed(good, bad, fault):
    raw = feed(replace(BOOKED, visitors="长" * 80))
    assert faults(raw) == []
    assert fault in faults(raw.replace(good, bad))


@pytest.mark.parametrize("line", [b"UID:", b"DTSTAMP:", b"PRODID:"])
def test_vobject_bites_where_what_is_demanded_is_missing(line):
    kept = [each for each in feed(BOOKED).split(b"\r\n") if not each.startswith(line)]
    with pytest.raises(vobject.base.ValidateError):
        checked(b"\r\n".join(kept))


def test_ical_bites_on_a_rule_that_is_none():
    with pytest.raises(CalendarParseError):
        checked(feed(BOOKED).replace(b"STATUS:", b"RRULE:FREQ=BANANA\r\nSTATUS:"))


# What is written


def test_a_feed_says_how_it_is_called_and_how_often_to_come_again():
    calendar = checked(feed(BOOKED, CLOSED_LATER, name="测试,基地"))
    assert str(calendar["method"]) == "PUBLISH"
    assert str(calendar["x-wr-calname"]) == "测试,基地" == str(calendar["name"])
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert calendar["refresh-interval"].dt == HOUR
    assert str(calendar["x-published-ttl"]) == "PT1H"


CLOSED_LATER = replace(CLOSED, id=UUID(int=9))


def test_an_event_says_everything_that_a_client_asks():
    event = events(feed(replace(BOOKED, version=3)))[f"{KEY}@jiceng"]
    assert b"DTSTART;TZID=Asia/Shanghai:20260611T090000\r\n" in feed(BOOKED)
    assert int(event["sequence"]) == 2
    assert str(event["summary"]) == "唐村社区第一党支部：重温入党誓词"
    assert str(event["location"]) == "测试基地 一号展厅"
    assert str(event["description"]) == "状态：已确认\n来访层级：区\n预约人数：20"
    assert str(event["organizer"]) == UUID(int=2).urn
    assert "attendee" not in event  # RFC 5546 forbids it of PUBLISH
    for name in ("dtstamp", "created", "last-modified"):
        assert event.decoded(name) == AT - HOUR


@pytest.mark.parametrize("status", BookingStatus)
def test_every_status_of_a_booking_has_its_standing(status):
    off = {"cancelled", "declined", "lapsed", "no-show"}
    open_ = {"offered", "pending", "endorsed"}
    expected = "CANCELLED" if status in off else "TENTATIVE" if status in open_ else "CONFIRMED"
    assert standing(status).value == expected
    event = events(feed(replace(BOOKED, status=status)))[f"{KEY}@jiceng"]
    assert str(event["status"]) == expected
    assert str(event["transp"]) == ("TRANSPARENT" if status in off else "OPAQUE")


@pytest.mark.parametrize(
    ("item", "standing_"),
    [
        (CLOSED, Standing.CONFIRMED),
        (replace(CLOSED, withdrawn=True), Standing.CANCELLED),
        (TAUGHT, Standing.CONFIRMED),
        (replace(TAUGHT, status=SessionStatus.CANCELLED), Standing.CANCELLED),
        (ASSIGNED, Standing.CONFIRMED),
        (replace(ASSIGNED, holds=False), Standing.CANCELLED),
        (replace(ASSIGNED, holds=False, completed=True), Standing.CONFIRMED),
        (replace(ASSIGNED, status=BookingStatus.PENDING), Standing.TENTATIVE),
        (replace(ASSIGNED, status=BookingStatus.DECLINED), Standing.CANCELLED),
    ],
)
def test_closures_sessions_and_assignments_stand_or_are_off(item, standing_):
    assert item.standing is standing_
    assert str(events(feed(item))[f"{KEY}@jiceng"]["status"]) == standing_.value


def test_whoever_may_not_read_the_place_learns_only_that_the_time_is_taken():
    seen = ASSIGNED.seen_by(("410306",))
    raw = feed(seen).decode()
    assert ASSIGNED.seen_by(("410305",)) is ASSIGNED
    assert "SUMMARY:已有安排" in raw
    assert "一号展厅" not in raw
    assert "LOCATION" not in raw
    assert "CN=" not in raw


def test_the_digest_moves_with_the_contents_and_only_with_them():
    assert ics.digest([BOOKED], "甲") == ics.digest([replace(BOOKED)], "甲")
    assert ics.digest([BOOKED], "甲") != ics.digest([BOOKED], "乙")
    assert ics.digest([BOOKED]) != ics.digest([replace(BOOKED, visitors="改名后的支部")])
    assert feed(BOOKED) == feed(replace(BOOKED))


# Invitations


def test_an_invitation_asks_to_keep_it_and_then_to_take_it_away():
    asked = checked(ics.invitation(BOOKED))
    off = checked(ics.invitation(replace(BOOKED, version=2, status=BookingStatus.CANCELLED)))
    assert (str(asked["method"]), str(off["method"])) == ("REQUEST", "CANCEL")
    (first,), (last,) = asked.walk("VEVENT"), off.walk("VEVENT")
    assert first["uid"] == last["uid"]
    assert int(last["sequence"]) > int(first["sequence"])
    assert str(last["status"]) == "CANCELLED"
    for event in (first, last):
        assert str(event["organizer"]) == UUID(int=2).urn
        assert str(event["attendee"]) == UUID(int=3).urn
        assert event["attendee"].params["RSVP"] == "FALSE"


# Whatever people call things

AWKWARD = st.text(
    st.sampled_from(list(',;:\\"\n\r\t^%=中文🚩👩‍👧é\x00\x07\x85\u2028 aN'))
    | st.characters(codec="utf-8"),
    max_size=300,
)


@given(visitors=AWKWARD, venue=AWKWARD, activity=AWKWARD, name=AWKWARD)
def test_any_name_comes_out_as_it_went_in_and_no_reader_stumbles(visitors, venue, activity, name):
    item = replace(BOOKED, visitors=visitors, venue=venue, activity=activity)
    raw = feed(item, name=name)
    (event,) = events(raw).values()
    said = ics.cleaned(item.summary)
    assert str(event["summary"]) == said
    assert vobject.readOne(raw.decode()).vevent.summary.value == said
    assert IcsCalendarStream.calendar_from_ics(raw.decode()).events[0].summary == said
    assert str(event["location"]) == ics.cleaned(item.place)
    checked(ics.invitation(item))


# Keys


def test_a_secret_cannot_be_guessed_and_is_kept_as_its_digest_only():
    assert len({fresh_secret() for _ in range(100)}) == 100
    assert len(fresh_secret()) * 6 >= 128
    assert fresh_secret().encode() not in hashed(fresh_secret())
    assert len(hashed("x")) == 32


def test_one_more_key_than_one_may_have_is_refused():
    terms = FeedTerms(keys_each=2)
    check_room(1, terms)
    with pytest.raises(TooManyFeeds):
        check_room(2, terms)


def test_a_key_that_does_not_open_says_why():
    key = Key(expires_at=AT + HOUR, revoked_at=None, counted_from=AT - timedelta(minutes=45))
    with pytest.raises(FeedEnded):
        refuse(replace(key, revoked_at=AT), AT)
    with pytest.raises(FeedEnded):
        refuse(replace(key, expires_at=AT), AT)
    with pytest.raises(FetchedTooOften) as often:
        refuse(key, AT)
    assert often.value.retry_after == 15 * 60
