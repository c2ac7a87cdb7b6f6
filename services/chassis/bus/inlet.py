"""What a service hears, declared as FastStream subscribers: a router an upstream service."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any, TypeVar

from faststream import AckPolicy
from faststream.nats import JStream, NatsRouter, PullSub
from nats.aio.msg import Msg

from contracts.event import Event, address_of
from services.chassis.bus import streams
from services.chassis.bus.handling import Delivery, Once
from services.chassis.bus.message import EventMessage
from services.chassis.errors import Invalid

H = TypeVar("H", bound=Callable[..., Any])


class Inlet(NatsRouter):
    """Everything `service` hears from one upstream service, in order.

    One durable for all, as two would lose the order between types of one aggregate's events. Types
    without a handler are acknowledged; their versions are counted all the same.
    """

    def __init__(self, service: str, upstream: str) -> None:
        self.service, self.durable = service, streams.durable(service, upstream)
        super().__init__(
            parser=self._read,
            decoder=_data_of,
            middlewares=(Delivery, Once),
            ack_policy=AckPolicy.MANUAL,
        )
        self._by_type: dict[str, Any] = {}
        self._unheard = self._subscriber(f"jiceng.{upstream}.unheard", include_in_schema=False)
        self._unheard(_pass_by)

    @property
    def consumer(self) -> str:
        return self.durable.name

    @property
    def heard(self) -> list[str]:
        """The types of events that have a handler."""
        return list(self._by_type)

    def on(self, event: type[Event]) -> Callable[[H], H]:
        """A subscriber for one type of event; its handler asks for the event and for `Work`."""
        subscriber = self._subscriber(
            address_of(event),
            title=operation_of(self.service, event),
            description=cleandoc(event.__doc__ or event.called()),
        )
        self._by_type[event.type] = subscriber
        return subscriber  # type: ignore[no-any-return]  # FastStream's wrapper is called alike

    async def deliver(self, msg: Msg) -> None:
        """Through middlewares and dependencies to the handler of its type."""
        event = EventMessage(msg, self.consumer)
        known = event.envelope and self._by_type.get(event.envelope.type)
        await (known or self._unheard).process_message(event)

    def _subscriber(self, subject: str, **described: Any) -> Any:
        declared = self.subscriber(
            subject,
            stream=JStream(self.durable.stream, declare=False),
            durable=self.durable.name,
            pull_sub=PullSub(),
            no_reply=True,
            **described,
        )
        # For log lines that we do not have it write FastStream would parse the subject once a
        # message: four tenths of all it costs.
        declared.get_log_context = _no_log_context
        return declared

    async def _read(self, msg: Msg | EventMessage) -> EventMessage:
        """Read here only for FastStream's own test broker; `deliver` has read to know the type."""
        return msg if isinstance(msg, EventMessage) else EventMessage(msg, self.consumer)


def operation_of(service: str, event: type[Event]) -> str:
    """What AsyncAPI calls it when `service` hears `event`."""
    return f"{service}.hears.{event.type}"


async def _data_of(event: EventMessage) -> Any:
    if event.envelope is None:
        raise Invalid(event.nonsense)
    return event.envelope.data


async def _pass_by(_: Any) -> None: ...


def _no_log_context(_: Any) -> dict[str, str]:
    return {}
