"""JSON Schemas (draft 2020-12): one for the data of each event, one for the envelope."""

from typing import Any

from contracts.catalogue import EVENTS
from contracts.event import Envelope, Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = "cloudevent"


def schema_id(name: str) -> str:
    """What an event's `dataschema` says; also the file's place in the source tree."""
    return f"/contracts/schemas/{name}.json"


def data_schema(event: type[Event]) -> dict[str, Any]:
    """What a reader may rely on: fields with a default may be missing in older events."""
    return _schema(event.type, event.model_json_schema())


def envelope_schema() -> dict[str, Any]:
    return _schema(ENVELOPE, Envelope.model_json_schema())


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by name: the event's type, or `cloudevent`."""
    events = {name: data_schema(event) for name, event in EVENTS.items()}
    return {ENVELOPE: envelope_schema(), **events}


def _schema(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": schema_id(name), **body}
