"""The envelope that is written and the envelope that is read are the same."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from contracts.event import MAX_EVENT_BYTES, Envelope
from services.chassis import event_log
from services.chassis.errors import Defect
from services.chassis.event_log import Cause, entry
from tests.contract import samples

PATH = samples.FOLDER / "jiceng.bases.visit.completed.v1.json"
AT = datetime(2019, 6, 8, 3, tzinfo=UTC)


def written(cause: Cause, **changed: object) -> event_log.Entry:
    event = samples.parsed(PATH).model_copy(update=changed)
    return entry(event, version=3, occurred_at=AT, recorded_at=AT, cause=cause)


def test_writer_and_reader_know_the_same_members():
    fields = {field.encode_name: field for field in msgspec.structs.fields(event_log._Wire)}

    assert set(fields) == set(Envelope.model_fields)
    always = {name for name, field in fields.items() if field.default is msgspec.NODEFAULT}
    assert always >= {n for n, field in Envelope.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("cause", [Cause("c"), Cause("c", "e", "00-t-s-01")])
def test_what_is_written_is_read_back_whole(cause):
    logged = written(cause)

    read = Envelope.model_validate_json(logged.body)

    assert read.model_dump(mode="json", exclude_none=True) == json.loads(logged.body)
    assert (read.id, read.type, read.subject) == (logged.event_id, logged.type, logged.aggregate_id)
    assert (read.time, read.recordedtime, read.aggregateversion) == (AT, AT, 3)
    assert (read.correlationid, read.causationid) == (cause.correlation_id, cause.causation_id)
    assert read.data == samples.parsed(PATH).model_dump(mode="json")


def test_samples_look_as_the_writer_writes_today():
    assert json.loads(written(Cause("c", "e", "t")).body).keys() == samples.read(PATH).keys()


def test_an_event_too_large_for_the_bus_is_a_defect():
    with pytest.raises(Defect, match="more than"):
        written(Cause("c"), base_kind="x" * MAX_EVENT_BYTES)
