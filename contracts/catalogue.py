"""Every event there is, found by its type."""

from contracts import bases, cobuilding, membership
from contracts.event import Event


def _leaves(cls: type[Event]) -> list[type[Event]]:
    found = [leaf for sub in cls.__subclasses__() for leaf in _leaves(sub)]
    return found if "type" not in vars(cls) else [cls, *found]


EVENTS: dict[str, type[Event]] = {
    event.type: event
    for event in sorted(_leaves(Event), key=lambda e: e.type)
    if event.__module__.startswith((bases.__name__, cobuilding.__name__, membership.__name__))
}
"""Event type to class, in alphabetical order."""


def events_of(service: str) -> list[type[Event]]:
    return [event for event in EVENTS.values() if event.names()[0] == service]
