"""What we use of FastStream beyond what it documents. A release that changes it fails here first,
and by name: `Feed` and `Inlet` stand on it.
"""

import inspect
from typing import Any

import pytest
from faststream import AckPolicy, BaseMiddleware
from faststream.exceptions import SetupError
from faststream.nats import JStream, NatsBroker, NatsRouter, PullSub
from faststream.nats.message import NatsMessage

USED = {
    "process_message": ["self", "msg"],
    "schema": ["self"],
    "get_log_context": ["self", "message"],
}
"""Of a subscriber, with what they are called with."""


class Spoken:
    """Anything at all: it need not be a message of the client."""

    data = b"{}"


class Trace(BaseMiddleware[Any, Any]):
    order: list[str] = []  # noqa: RUF012  of the class, for all its kind

    async def consume_scope(self, call_next: Any, msg: Any) -> Any:
        self.order.append(type(self).__name__)
        return await call_next(msg)


class Outer(Trace): ...


class Inner(Trace): ...


@pytest.fixture
def router() -> NatsRouter:
    Trace.order.clear()

    async def read(msg: Any) -> NatsMessage:
        assert isinstance(msg, Spoken)
        return NatsMessage(msg, msg.data)

    async def decode(_: NatsMessage) -> int:
        return 7

    return NatsRouter(
        parser=read, decoder=decode, middlewares=(Outer, Inner), ack_policy=AckPolicy.MANUAL
    )


@pytest.fixture
def subscriber(router) -> Any:
    return router.subscriber(
        "x.{place}",
        stream=JStream("X", declare=False),
        durable="d",
        pull_sub=PullSub(),
        no_reply=True,
    )


@pytest.fixture
def broker(router) -> NatsBroker:
    return NatsBroker(routers=(router,), logger=None)


def test_a_subscriber_has_the_methods_we_call(subscriber):
    found = {
        name: list(inspect.signature(getattr(type(subscriber), name)).parameters)
        for name in USED
        if hasattr(type(subscriber), name)
    }
    assert found == USED
    assert inspect.iscoroutinefunction(subscriber.process_message)


async def test_schema_is_enough_to_be_fed_without_a_connection(broker, subscriber):
    heard = []

    @subscriber
    async def hear(number: int) -> str:
        heard.append(number)
        return "done"

    broker._setup_logger()
    with pytest.raises(SetupError):
        await subscriber.process_message(Spoken())
    subscriber.schema()
    answer = await subscriber.process_message(Spoken())

    assert (heard, answer.body) == ([7], "done")
    assert not subscriber.running


async def test_middlewares_stand_from_outside_in_and_see_what_is_raised(broker, subscriber):
    @subscriber
    async def hear(number: int) -> None:
        raise ValueError(number)

    broker._setup_logger()
    subscriber.schema()

    with pytest.raises(ValueError, match="7"):
        await subscriber.process_message(Spoken())
    assert Trace.order == ["Outer", "Inner"]


async def test_the_log_context_is_asked_of_the_subscriber_itself(broker, subscriber):
    """Else ours would not spare it, and every message would pay for its subject."""
    asked = []

    @subscriber
    async def hear(number: int) -> None: ...

    broker._setup_logger()
    subscriber.schema()
    subscriber.get_log_context = lambda message: asked.append(message) or {}
    await subscriber.process_message(Spoken())

    assert len(asked) == 1


def test_a_router_keeps_its_middlewares_in_whatever_broker_it_is(router, broker):
    """Two instances of a service in one process: the later one takes the router over."""
    NatsBroker(routers=(router,), logger=None)

    assert list(router.config.broker_middlewares) == [Outer, Inner]
