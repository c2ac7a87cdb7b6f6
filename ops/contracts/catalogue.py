"""The event catalogue in the README: every type, field and code with its Chinese name."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from contracts import kinds
from contracts.catalogue import EVENTS, events_of
from contracts.event import Envelope, Event, stream_of
from contracts.publishers import PUBLISHERS

START = "<!-- catalogue:start, written by `python -m ops.contracts` -->"
END = "<!-- catalogue:end -->"


def written_into(readme: str) -> str:
    """The README with its catalogue replaced. Raises `ValueError` when the markers are gone."""
    before, _, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md needs the lines {START!r} and {END!r}")
    return f"{before}{START}\n\n{markdown()}\n{END}{after}"


def markdown() -> str:
    return "\n".join((*_envelope(), *_services(), *_codes()))


def _envelope() -> Iterator[str]:
    yield "### Envelope 信封\n"
    yield from _table(Envelope.model_json_schema())


def _services() -> Iterator[str]:
    for service in PUBLISHERS:
        yield f"### `{stream_of(service)}`\n"
        for event in events_of(service):
            yield from _event(event)


def _event(event: type[Event]) -> Iterator[str]:
    yield f"#### {event.called()} `{event.type}`\n"
    if event.__doc__:
        yield " ".join(event.__doc__.split()) + "\n"
    yield from _table(event.model_json_schema())


def _table(schema: dict[str, Any]) -> Iterator[str]:
    yield "| field | 名称 | is | always |"
    yield "|---|---|---|---|"
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        yes = "yes" if name in required else "-"
        yield f"| `{name}` | {field['title']} | {_kind(field)} | {yes} |"
    yield ""


def _kind(field: dict[str, Any]) -> str:
    """Type or format in one word, `or null` where it may be."""
    options = field.get("anyOf", [field])
    words = [
        f"[{option['$ref'].rsplit('/', 1)[1]}](#codes-代码)"
        if "$ref" in option
        else str(option.get("format") or option["type"])
        for option in options
    ]
    return " or ".join(words)


def _codes() -> Iterator[str]:
    yield "### Codes 代码\n"
    yield "| in | code | 名称 |"
    yield "|---|---|---|"
    for enum in _used():
        for member in enum:
            label = getattr(member, "label", member.value)
            yield f"| {enum.__name__} | `{member.value}` | {label} |"
    yield ""


def _used() -> list[type[StrEnum]]:
    """The fixed code lists that some event carries."""
    names = {
        name for event in EVENTS.values() for name in event.model_json_schema().get("$defs", ())
    }
    codes: dict[str, type[StrEnum]] = {**kinds.every()}
    return [codes[name] for name in sorted(names)]
