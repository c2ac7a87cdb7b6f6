"""The wire format is frozen: a failing test here means that an old event could not be read."""

import json
from datetime import datetime
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from contracts.catalogue import EVENTS
from contracts.event import Envelope
from ops.contracts import files
from tests import walks
from tests.contract import samples

every_sample = walks.over({path.stem: path for path in samples.FILES})


formats = FormatChecker()


@formats.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """RFC 3339: a time has an offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((files.ROOT / "schemas" / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=formats)


def test_every_event_type_has_a_sample_and_every_sample_a_type():
    assert [name for name in EVENTS if not samples.of_type(name)] == []
    assert {samples.read(path)["type"] for path in samples.FILES} == set(EVENTS)


@every_sample
def test_every_sample_ever_published_still_parses(path):
    sample = samples.read(path)

    envelope = Envelope.model_validate(sample)
    event = samples.parsed(path)

    assert envelope.model_dump(mode="json").items() >= sample.items()
    assert event.model_dump(mode="json").items() >= sample["data"].items()
    assert event.key == envelope.subject


@every_sample
def test_every_sample_is_valid_by_its_schemas(path):
    sample = samples.read(path)

    validator("cloudevent").validate(sample)
    validator(sample["type"]).validate(sample["data"])
    assert sample["dataschema"] == validator(sample["type"]).schema["$id"]


@every_sample
def test_a_field_from_the_future_is_ignored_by_class_and_schema(path):
    sample = samples.read(path)
    later = sample | {"since2031": 1, "data": sample["data"] | {"added_in_2031": {"deep": True}}}

    envelope = Envelope.model_validate(later)

    assert envelope == Envelope.model_validate(sample).model_copy(update={"data": later["data"]})
    assert EVENTS[envelope.type].model_validate(envelope.data) == samples.parsed(path)
    validator("cloudevent").validate(later)
    validator(sample["type"]).validate(later["data"])


@every_sample
def test_class_and_schema_agree_on_what_must_be_there(path):
    sample = samples.read(path)
    schema = validator(sample["type"])
    for field in sample["data"]:
        rest = {name: value for name, value in sample["data"].items() if name != field}
        try:
            EVENTS[sample["type"]].model_validate(rest)
            optional = True
        except ValueError:
            optional = False

        assert schema.is_valid(rest) == optional, field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("area", "41030"),
        ("visit_id", "7"),
        ("visit_id", None),
        ("actual_headcount", 0),
        ("actual_headcount", "many"),
        ("channel", "fax"),
        ("started_at", "2019-06-08T09:00:00"),
        ("started_at", "yesterday"),
    ],
)
def test_class_and_schema_refuse_the_same_nonsense(field, value):
    sample = samples.read(samples.FOLDER / "jiceng.bases.visit.completed.v1.json")
    wrong = sample["data"] | {field: value}

    with pytest.raises(ValueError, match=field):
        EVENTS[sample["type"]].model_validate(wrong)
    with pytest.raises(ValidationError):
        validator(sample["type"]).validate(wrong)
