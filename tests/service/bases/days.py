"""Random days of a base as a machine: what clients and the clock do, beside a simple model."""

import itertools
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from services.chassis.ids import new_id
from tests.clock import OPENING
from tests.service.bases.model import HOLDS, HOUR, Base, Booking, Venue, Waiting, Wish
from tests.service.bases.running import Running
from tests.service.bases.test_concurrency import LOAD_DISAGREES

AREA = "410305001001"
serial = itertools.count(1)


days = st.integers(0, 6)
quarters = st.sampled_from([4 * 9, 4 * 10, 4 * 10 + 1, 4 * 15])
lengths = st.sampled_from((1, 3, 4))
"""Few of each, so that wishes meet."""
headcounts = st.sampled_from((1, 10, 25, 40, 41))
organisations = st.sampled_from(("first", "second", "third"))
venues = st.sampled_from(("hall", "room", "square"))


def days_of_a_base(running: Running) -> type[RuleBasedStateMachine]:  # noqa: C901  one a rule
    class Days(RuleBasedStateMachine):
        bookings = Bundle("bookings")
        entries = Bundle("entries")
        closures = Bundle("closures")

        @initialize()
        def open_a_base(self) -> None:
            running.now = OPENING
            number = next(serial)
            base = self.made("/v1/bases", code=f"J{number}", name="基地", kind="red", area=AREA)
            self.base_id, self.ids = base["base_id"], {}
            shapes = {"hall": (40, "exclusive", 15), "room": (25, "exclusive", 0)}
            shapes["square"] = (50, "shared", 0)
            for name, (capacity, sharing, buffer) in shapes.items():
                self.ids[name] = self.made(
                    f"/v1/bases/{self.base_id}/venues",
                    code=f"V{number}-{name}",
                    name=name,
                    kind="hall",
                    capacity=capacity,
                    sharing=sharing,
                    buffer_minutes=buffer,
                )["venue_id"]
            for name in ("first", "second", "third"):
                self.ids[name] = str(new_id())
                running.fetch(
                    "INSERT INTO organisation (organisation_id, code, name, kind, area)"
                    " VALUES ($1, $2, $3, 'branch', $4)",
                    self.ids[name], f"B{number}-{name}", name, AREA,
                )  # fmt: skip
            self.model = Base(
                {
                    name: Venue(name, capacity, sharing == "shared", timedelta(minutes=buffer))
                    for name, (capacity, sharing, buffer) in shapes.items()
                },
                OPENING,
            )

        def made(self, path: str, **body: Any) -> Any:
            answer = running.ask("POST", path, body)
            assert answer.status_code == 201, answer.text
            return answer.json()

        def said(self, wish: Wish) -> dict[str, Any]:
            return {
                "venue_id": self.ids[wish.venue],
                "organisation_id": self.ids[wish.organisation],
                "starts_at": wish.starts.isoformat(),
                "ends_at": wish.ends.isoformat(),
                "headcount": wish.headcount,
                "channel": "phone",
                "visitor_level": "street",
            }

        def step(self, path: str, body: Any, expected: str | None, **headers: str) -> Any:
            """One command, which must meet with what the model says."""
            answer = running.ask("POST", path, body, **headers)
            found = answer.json().get("code") if answer.is_error else None
            assert found == expected, (found, expected, answer.text, self.model)
            return None if expected else answer.json()

        def offer_of(self, entry: str) -> str:
            row = running.fetch(
                "SELECT booking_id, status FROM waitlist_entry WHERE entry_id = $1", entry
            )[0]
            assert row["status"] == "offered", (entry, self.model)
            return str(row["booking_id"])

        def promote(self, *freed: str) -> None:
            for venue in freed:
                self.model.promote(venue, self.offer_of)

        # What clients do

        @rule(
            target=bookings,
            venue=venues,
            organisation=organisations,
            day=days,
            quarter=quarters,
            length=lengths,
            headcount=headcounts,
        )
        def book(self, venue, organisation, day, quarter, length, headcount) -> Any:
            wish = wished(venue, organisation, day, quarter, length, headcount)
            expected = self.model.refuses(wish)
            made = self.step("/v1/bookings", self.said(wish), expected)
            if expected:
                return multiple()
            self.model.bookings[made["booking_id"]] = Booking(**vars(wish))
            return made["booking_id"]

        @rule(key=bookings, venue=venues, day=days, quarter=quarters)
        def move(self, key, venue, day, quarter) -> None:
            was = self.model.bookings[key]
            if was.status not in {"pending", "confirmed"} or self.model.now >= was.starts:
                return
            lasts = int((was.ends - was.starts) / timedelta(minutes=15))
            wish = wished(venue, was.organisation, day, quarter, lasts, was.headcount)
            same = (wish.venue, wish.starts) == (was.venue, was.starts)
            expected = None if same else self.model.refuses(wish, but=key)
            seen = running.ask("GET", f"/v1/bookings/{key}").headers["etag"]
            body = {"venue_id": self.ids[venue], "starts_at": wish.starts.isoformat()}
            self.step(f"/v1/bookings/{key}/reschedule", body, expected, **{"If-Match": seen})
            if not expected and not same:
                left = was.venue
                was.venue, was.starts, was.ends = wish.venue, wish.starts, wish.ends
                self.promote(left)

        @rule(key=bookings)
        def confirm(self, key) -> None:
            booking = self.model.bookings[key]
            expected = None if booking.status == "pending" else "step-not-allowed"
            self.step(f"/v1/bookings/{key}/confirm", {}, expected)
            if not expected:
                booking.status = "confirmed"

        @rule(key=bookings)
        def cancel(self, key) -> None:
            booking = self.model.bookings[key]
            allowed = booking.status in {"pending", "confirmed"}
            expected = None if allowed else "step-not-allowed"
            self.step(f"/v1/bookings/{key}/cancel", {"reason": "by-base"}, expected)
            if not expected:
                booking.status = "cancelled"
                self.promote(booking.venue)

        @rule(key=bookings)
        def take_back_a_no_show(self, key) -> None:
            booking = self.model.bookings[key]
            missed = booking.status == "no-show"
            expected = self.model.taken(booking, key) if missed else "step-not-allowed"
            self.step(f"/v1/bookings/{key}/retract-no-show", {}, expected)
            if not expected:
                booking.status, booking.missed, booking.retracted = "confirmed", False, True

        # What the base does

        @rule(target=closures, day=days)
        def close_a_day(self, day) -> Any:
            since = (OPENING + timedelta(days=day)).replace(hour=0)
            body = {
                "base_id": self.base_id,
                "starts_at": since.isoformat(),
                "ends_at": (since + timedelta(days=1)).isoformat(),
                "reason_kind": "maintenance",
            }
            during = since, since + timedelta(days=1)
            in_the_way = [
                each
                for each in self.model.bookings.values()
                if each.status in HOLDS and each.starts < during[1] and during[0] < each.ends
            ]
            if any(each.status in {"checked-in", "completed"} for each in in_the_way):
                return multiple()
            if in_the_way:
                self.step("/v1/closures", body, "bookings-in-the-way")
                body["cancel_bookings"] = True
            made = self.step("/v1/closures", body, None)
            self.model.closures[made["closure_id"]] = during
            for each in in_the_way:
                self.put_off(each)
            return made["closure_id"]

        def put_off(self, booking: Booking) -> None:
            if booking.status == "offered":
                entry = next(
                    each
                    for each in self.model.queue.values()
                    if each.offer and self.model.bookings[each.offer] is booking
                )
                entry.status, entry.offer = "waiting", None
            booking.status = "lapsed" if booking.status == "offered" else "cancelled"

        @rule(key=consumes(closures))
        def open_again(self, key) -> None:
            since, _ = self.model.closures[key]
            if since <= self.model.now:
                return
            del self.model.closures[key]
            self.step(f"/v1/closures/{key}/withdraw", {}, None)
            self.promote(*sorted(self.ids.keys() & self.model.venues, key=self.ids.__getitem__))

        # Those who wait

        @rule(
            target=entries,
            key=bookings,
            organisation=organisations,
            headcount=st.sampled_from((1, 10, 25)),
        )
        def wait(self, key, organisation, headcount) -> Any:
            """For what another has, or had."""
            other = self.model.bookings[key]
            wish = Wish(other.venue, organisation, other.starts, other.ends, headcount)
            against = self.model.rule_against(wish)
            closed = against == "not-open"
            if against and not closed:
                return multiple()
            taken = self.model.taken(wish)
            waits = any(
                each.status in {"waiting", "offered"}
                and (each.venue, each.organisation) == (wish.venue, organisation)
                and each.starts < wish.ends
                and wish.starts < each.ends
                for each in self.model.queue.values()
            )
            if waits:
                return multiple()
            expected = None if closed or taken else "still-free"
            made = self.step("/v1/waitlist", self.said(wish), expected)
            if expected:
                return multiple()
            self.model.queue[made["entry_id"]] = Waiting(**vars(wish))
            return made["entry_id"]

        @rule(target=bookings, key=entries)
        def accept(self, key) -> Any:
            entry = self.model.queue[key]
            if entry.status != "offered":
                self.step(f"/v1/waitlist/{key}/accept", {}, "no-offer")
                return multiple()
            expected = self.model.rule_against(entry)
            self.step(f"/v1/waitlist/{key}/accept", {}, expected)
            if expected:
                return multiple()
            self.model.bookings[entry.offer].status = "pending"
            entry.status = "accepted"
            return entry.offer

        @rule(key=entries)
        def decline(self, key) -> None:
            entry = self.model.queue[key]
            if entry.status != "offered":
                self.step(f"/v1/waitlist/{key}/decline", {}, "no-offer")
                return
            self.step(f"/v1/waitlist/{key}/decline", {}, None)
            self.model.bookings[entry.offer].status = "lapsed"
            entry.status = "declined"
            self.promote(entry.venue)

        # The clock

        @rule(hours=st.sampled_from((1, 3, 24)))
        def time_goes_on(self, hours) -> None:
            model = self.model
            model.now += timedelta(hours=hours)
            running.now = model.now
            running.sweep()
            for booking in sorted(model.bookings.values(), key=lambda each: each.starts):
                if booking.status == "pending" and booking.starts <= model.now:
                    booking.status = "lapsed"
                    self.promote(booking.venue)
            for booking in sorted(model.bookings.values(), key=lambda each: each.starts):
                waited = booking.starts + HOUR / 2 <= model.now
                if booking.status == "confirmed" and waited and not booking.retracted:
                    booking.status, booking.missed = "no-show", True
                    self.promote(booking.venue)
            for entry in list(model.queue.values()):
                offer = model.bookings.get(entry.offer or "")
                if entry.status == "offered" and offer.expires <= model.now:
                    offer.status, entry.status = "lapsed", "expired"
                    self.promote(entry.venue)
            for entry in model.queue.values():
                if entry.status == "waiting" and entry.starts <= model.now:
                    entry.status = "lapsed"

        # What must hold after every step

        @invariant()
        def all_is_as_the_model_says(self) -> None:
            if not hasattr(self, "model"):
                return
            rows = running.fetch("SELECT * FROM booking WHERE base_id = $1", self.base_id)
            names = {key: name for name, key in self.ids.items()}
            found = {
                str(row["booking_id"]): (
                    names[str(row["venue_id"])],
                    row["starts_at"],
                    row["headcount"],
                    row["status"],
                    row["holds"],
                )
                for row in rows
            }
            assert found == {
                key: (
                    each.venue,
                    each.starts,
                    each.headcount,
                    each.status,
                    each.status in HOLDS,
                )
                for key, each in self.model.bookings.items()
            }
            waiting = running.fetch(
                "SELECT entry_id, status FROM waitlist_entry WHERE base_id = $1", self.base_id
            )
            assert {str(row["entry_id"]): row["status"] for row in waiting} == {
                key: each.status for key, each in self.model.queue.items()
            }
            assert running.fetch(LOAD_DISAGREES) == []
            assert running.fetch(GAPS) == []

    return Days


GAPS = """
SELECT aggregate_id FROM event_log GROUP BY aggregate_id
HAVING max(aggregate_version) <> count(*) OR min(aggregate_version) <> 1
"""
"""Versions of an aggregate are dense."""


def wished(
    venue: str, organisation: str, day: int, quarter: int, length: int, headcount: int
) -> Wish:
    midnight = (OPENING + timedelta(days=day)).replace(hour=0)
    starts = midnight + timedelta(minutes=15 * quarter)
    ends = starts + timedelta(minutes=15 * length)
    return Wish(venue, organisation, starts, ends, headcount)
