"""How an event is wrapped for log and wire."""

import json
from datetime import UTC, datetime

import pytest

from contracts.event import MAX_EVENT_BYTES, Envelope
from contracts.membership.organisations import AreaRegistered
from services.chassis import event_log
from services.chassis.errors import Defect
from services.chassis.event_log import Cause
from services.chassis.ids import new_id

OCCURRED = datetime(2019, 6, 30, 15, 30, tzinfo=UTC)
RECORDED = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def wrapped(name: str = "唐村社区", cause: Cause | None = None, version: int = 3):
    event = AreaRegistered(area="410305001001", area_id=new_id(), name=name)
    made = event_log.entry(
        event,
        version=version,
        occurred_at=OCCURRED,
        recorded_at=RECORDED,
        cause=cause or Cause("desk-7"),
    )
    return event, made


def test_the_body_is_the_envelope_that_readers_know():
    event, entry = wrapped(cause=Cause("desk-7", str(new_id()), f"00-{'a' * 32}-{'b' * 16}-01"))
    envelope = Envelope.model_validate_json(entry.body)

    assert (envelope.id, envelope.type) == (entry.event_id, event.type)
    assert (envelope.subject, envelope.aggregateversion) == (event.area_id, 3)
    assert (envelope.time, envelope.recordedtime) == (OCCURRED, RECORDED)
    assert AreaRegistered.model_validate(envelope.data) == event
    assert (envelope.correlationid, envelope.causationid) == ("desk-7", entry_cause(entry))
    assert envelope.traceparent == entry.traceparent


def entry_cause(entry: event_log.Entry) -> str:
    return json.loads(entry.body)["causationid"]


def test_every_member_of_the_wire_is_one_of_the_contract_s():
    _, entry = wrapped(cause=Cause("x", "y", f"00-{'a' * 32}-{'b' * 16}-01"))

    assert set(json.loads(entry.body)) == set(Envelope.model_fields)


def test_what_is_not_known_is_left_out_and_not_null():
    _, entry = wrapped()

    assert not {"causationid", "traceparent"} & set(json.loads(entry.body))


def test_the_subject_names_area_and_kind_and_no_id():
    event, entry = wrapped()

    assert entry.subject.startswith("jiceng.membership.area.registered.41.03.05.001.001.-.")
    assert str(event.area_id) not in entry.subject


def test_two_entries_of_one_event_are_two_events():
    event = AreaRegistered(area="41", area_id=new_id(), name="豫")
    given = {"occurred_at": OCCURRED, "recorded_at": RECORDED, "cause": Cause("x")}

    first = event_log.entry(event, version=1, **given)
    second = event_log.entry(event, version=2, **given)

    assert first.event_id < second.event_id


def test_an_event_too_large_for_its_subscribers_is_a_defect():
    with pytest.raises(Defect):
        wrapped(name="名" * (MAX_EVENT_BYTES // 3))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_columns_are_the_entries_turned_on_their_side(count):
    entries = [wrapped(version=n + 1)[1] for n in range(count)]

    columns = event_log.columns(entries)

    assert len(columns) == 9
    assert columns[0] == [entry.event_id for entry in entries]
    assert columns[8] == [entry.body for entry in entries]


def test_what_is_written_with_the_log_counts_its_parameters_on_behind_the_events():
    writes = (("UPDATE a SET b = $2 WHERE c = $1", 2), ("INSERT INTO d VALUES ($1)", 1))

    statement = event_log._statement(2, writes)

    assert "($10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id" in statement
    assert "UPDATE a SET b = $20 WHERE c = $19" in statement
    assert "INSERT INTO d VALUES ($21)" in statement


def test_many_events_take_as_many_parameters_as_one():
    statement = event_log._statement(event_log._FEW + 1, (("INSERT INTO d VALUES ($1)", 1),))

    assert "$9::text[]" in statement
    assert "INSERT INTO d VALUES ($10)" in statement
