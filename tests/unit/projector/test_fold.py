"""What one event adds to the figures, and what is refused."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from contracts.bases.places import VenueChanged
from contracts.event import Envelope
from services.projector.fold import SEPARATOR, Fact, Told, tell
from tests import walks
from tests.contract import samples
from tests.unit.projector.build import (
    COMMUNITY,
    JUNE,
    NEXT_COMMUNITY,
    Log,
    an_id,
    area,
    base,
    completed,
    moved,
    rekinded,
    venue,
    visit,
)


def told(event: object, at: datetime = JUNE) -> Told:
    return tell(Log().write(event, at).body.encode())  # type: ignore[arg-type]


def amounts(event: object) -> dict[tuple[str, str], int]:
    return amounts_of(told(event))


def amounts_of(one: Told) -> dict[tuple[str, str], int]:
    return {(f.figure, f.dims.replace(SEPARATOR, "/")): f.amount for f in one.facts}


def altered(event: object, **data: object) -> Told:
    """An event whose publisher broke its contract."""
    body = msgspec.json.decode(Log().write(event).body)  # type: ignore[arg-type]
    body["data"] |= data
    return tell(msgspec.json.encode(body))


def older(event: object, *fields: str) -> Told:
    """The event as a release told it that did not know these fields."""
    body = msgspec.json.decode(Log().write(event).body)  # type: ignore[arg-type]
    for field in fields:
        del body["data"][field]
    return tell(msgspec.json.encode(body))


@walks.over({path.stem: path for path in samples.FILES})
def test_every_event_that_was_ever_published_is_understood(path):
    assert tell(path.read_bytes()).problem is None


def test_an_old_event_without_an_optional_field_is_folded_with_the_fields_default() -> None:
    on_a_sunday = completed("b").model_copy(update={"off_day": True})
    before = older(on_a_sunday, "off_day")

    assert before.problem is None
    assert amounts_of(before) == amounts(completed("b")) != amounts(on_a_sunday)


def test_a_visit_is_one_batch_and_its_person_times() -> None:
    assert amounts(visit("v", persons=30)) == {
        ("bases.visit_batches", "city/phone/red/"): 1,
        ("bases.visit_persons", "city/phone/red/"): 30,
        ("bases.organisations_visiting", "red"): 1,
    }


def test_a_fact_says_where_when_and_by_whom() -> None:
    fact: Fact = told(visit("v", visitor="支部甲")).facts[0]
    assert fact.area == COMMUNITY
    assert fact.day == date(2019, 6, 8)
    assert fact.aggregate_id == an_id("v")
    assert fact.refs == SEPARATOR.join([str(an_id("基地甲")), str(an_id("支部甲"))])


def test_a_visit_from_outside_the_tree_names_no_organisation() -> None:
    assert told(visit("v")).facts[0].refs.endswith(SEPARATOR)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2019, 12, 31, 15, 59, 59, tzinfo=UTC), date(2019, 12, 31)),
        (datetime(2019, 12, 31, 16, 0, tzinfo=UTC), date(2020, 1, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_shanghai(instant: datetime, day: date) -> None:
    assert told(visit("v"), instant).facts[0].day == day


def test_a_changed_kind_moves_the_base_from_one_kind_to_the_other() -> None:
    assert amounts(rekinded("基地甲", was="red", kind="basic")) == {
        ("bases.bases", "red"): -1,
        ("bases.bases", "basic"): 1,
    }


def test_a_change_of_name_alone_leaves_no_fact_but_the_new_name() -> None:
    renamed = told(rekinded("基地甲", was="red", kind="red"))
    assert renamed.facts == ()
    assert renamed.name is not None
    assert renamed.name.name == "基地甲"


def test_an_organisation_that_moves_leaves_its_old_area() -> None:
    facts = told(moved("支部甲", was=COMMUNITY, area=NEXT_COMMUNITY)).facts
    branches = {(f.area, f.amount) for f in facts if f.figure == "membership.branches"}
    assert branches == {(COMMUNITY, -1), (NEXT_COMMUNITY, 1)}


def test_only_halls_are_counted_as_halls() -> None:
    assert ("bases.halls", "") in amounts(venue("展厅甲", kind="hall"))
    assert ("bases.halls", "") not in amounts(venue("会议室甲", kind="meeting-room"))


def test_a_changed_number_of_themes_adds_the_difference() -> None:
    changed = VenueChanged(
        **venue("展厅甲").model_dump(exclude={"theme_count", "kind"}),
        kind="meeting-room",
        theme_count=4,
        was_kind="hall",
        was_theme_count=1,
    )
    assert amounts(changed) == {
        ("bases.halls", ""): -1,
        ("bases.themes", ""): 3,
        ("bases.venues", "hall"): -1,
        ("bases.venues", "meeting-room"): 1,
    }


def test_an_area_teaches_its_name() -> None:
    name = told(area("410305", "涧西区")).name
    assert name == ("area", "410305", "410305", "涧西区")


def test_a_type_nobody_counts_keeps_its_place_in_the_order() -> None:
    body = Log().write(base()).body.replace("base.registered", "base.painted").encode()
    assert tell(body).problem is None
    assert tell(body).version == 1
    assert tell(body).facts == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"null", b'{"id": 1}'])
def test_what_is_no_event_is_known_by_its_digest(body: bytes) -> None:
    assert tell(body).aggregate_id is None
    assert tell(body).key.startswith("sha256:")
    assert tell(body).problem is not None


@pytest.mark.parametrize(
    "data",
    [
        {"area": "41030"},
        {"area": None},
        {"actual_headcount": "30"},
        {"actual_headcount": 2.5},
        {"actual_headcount": True},
        {"actual_headcount": 10**13},
        {"visitor_level": None},
        {"visitor_level": "city\0"},
        {"channel": f"web{SEPARATOR}phone"},
        {"base_kind": "x" * 1000},
    ],
)
def test_data_against_the_contract_is_a_problem_of_that_event(data: dict[str, object]) -> None:
    broken = altered(visit("v"), **data)
    assert broken.problem is not None
    assert broken.facts == ()
    assert broken.aggregate_id == an_id("v")


def test_the_decoder_reads_what_the_contract_promises() -> None:
    body = Log().write(visit("v")).body
    envelope = Envelope.model_validate_json(body)
    read = tell(body.encode())
    assert (read.key, read.aggregate_id, read.version, read.recorded_at) == (
        str(envelope.id),
        envelope.subject,
        envelope.aggregateversion,
        envelope.recordedtime,
    )


def test_a_time_without_offset_is_no_time() -> None:
    body = msgspec.json.decode(Log().write(visit("v")).body)
    body["time"] = "2019-06-08T09:00:00"
    assert tell(msgspec.json.encode(body)).problem is not None
