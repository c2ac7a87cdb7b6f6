"""The one declaration of streams and durables, and the step that makes them so."""

from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from contracts.event import stream_of
from contracts.publishers import PUBLISHERS
from services.chassis.settings import Settings

DUPLICATE_WINDOW_S = 600.0
"""How long the server drops repeated ids. The relay does not rely on it, a second relay might."""

ACK_WAIT_S = 30.0
MAX_ACK_PENDING = 100


@dataclass(frozen=True)
class Durable:
    """One service's place in one stream."""

    stream: str
    name: str


def durable(service: str, upstream: str) -> Durable:
    return Durable(stream_of(upstream), f"{service}-{upstream}")


def stream_config(service: str, settings: Settings) -> StreamConfig:
    """`discard new`: a full stream refuses, and the events wait in the log, which loses nothing."""
    return StreamConfig(
        name=stream_of(service),
        subjects=[f"jiceng.{service}.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=settings.stream_max_bytes,
        num_replicas=settings.stream_replicas,
        duplicate_window=DUPLICATE_WINDOW_S,
        deny_delete=True,
        allow_direct=True,
        allow_atomic=True,
    )


def consumer_config(place: Durable) -> ConsumerConfig:
    """Redelivery is the inbox' business: the server redelivers for ever, the service parks."""
    return ConsumerConfig(
        durable_name=place.name,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=MAX_ACK_PENDING,
    )


async def provision(client: Client, settings: Settings, durables: list[Durable]) -> list[str]:
    """Create what is missing and bring the rest to its declaration. Says what it created."""
    jetstream = client.jetstream()
    made = []
    for service in PUBLISHERS:
        config = stream_config(service, settings)
        try:
            await jetstream.update_stream(config)
        except NotFoundError:
            await jetstream.add_stream(config)
            made.append(str(config.name))
    made += [
        place.name for place in durables if await ensure_durable(jetstream, place, update=True)
    ]
    return made


async def ensure_durable(
    jetstream: JetStreamContext, place: Durable, *, update: bool = False
) -> bool:
    """Make the durable as declared where it is missing; true when it was.

    With `update` an existing one is brought to the declaration too: the provisioning step does
    that, a service only restores what somebody deleted. Raises when the stream itself is missing.
    """
    try:
        await jetstream.consumer_info(place.stream, place.name)
        missing = False
    except NotFoundError:
        missing = True
    if missing or update:
        await jetstream.add_consumer(place.stream, consumer_config(place))
    return missing
