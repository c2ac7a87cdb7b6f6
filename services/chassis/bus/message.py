"""A delivered message as FastStream hands it around, read once."""

from faststream.nats.message import NatsMessage
from nats.aio.msg import Msg
from pydantic import ValidationError

from contracts.event import Envelope
from services.chassis.bus.pull import Position, position

FIRST = Position(stream_seq=0, consumer_seq=0, delivered=1, pending=0)
"""Where a message stands that no server delivered: an operator's retry, a test."""


class EventMessage(NatsMessage):
    """A message for `consumer`. What is no event has no envelope and says why it is nonsense."""

    envelope: Envelope | None = None
    nonsense: str = ""

    def __init__(self, msg: Msg, consumer: str) -> None:
        self.consumer = consumer
        self.at = position(msg) if msg.reply else FIRST
        try:
            self.envelope = Envelope.model_validate_json(msg.data)
        except ValidationError as error:
            self.nonsense = f"not an event: {error.errors()[0]['msg']}"
        known = self.envelope
        super().__init__(
            msg,
            msg.data,
            headers=msg.headers,
            correlation_id=known.correlationid if known else "-",
            message_id=str(known.id) if known else "-",
        )
