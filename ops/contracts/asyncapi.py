"""The AsyncAPI 3 document: written by FastStream from what services send and hear, and completed.

FastStream says servers, channels, operations, messages and payloads. It cannot describe the
parameters of a subject, headers, a content type, a correlation id inside the payload or a server's
variables; it names messages with a colon, which AsyncAPI forbids in keys, and keeps no order. To a
subscriber it gives a channel of its own with the data alone for payload, which is what handlers
see, not what comes.
"""

import json
from inspect import cleandoc
from typing import Any, Literal, cast
from urllib.parse import unquote

from faststream import FastStream
from faststream.specification import AsyncAPI
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from pydantic import BaseModel, create_model

from contracts.areas import LEVEL_LABEL
from contracts.catalogue import EVENTS
from contracts.event import CONTENT_TYPE, PARTITIONS, Envelope, Event, address_of, stream_of
from contracts.publishers import PUBLISHERS
from ops.services import SERVICES
from services.chassis.bus.broker import EventBroker
from services.chassis.bus.inlet import operation_of
from services.chassis.service import VERSION
from services.projector.figures import CATALOGUE

Document = dict[str, Any]

AREA_PARTS = tuple(LEVEL_LABEL)
SERVER = "nats"
INFO = """\
Every event is a CloudEvent 1.0 in structured mode. Delivered at least once; events of one
aggregate come in the order of `aggregateversion`. Unknown fields are to be ignored: events grow
by optional fields. contracts/README.md says the rest.

A service sends the events of its name; the tag of an operation that receives names who hears.

事件为 CloudEvents 1.0 结构化格式，至少送达一次；同一主体的事件按 aggregateversion 有序；
请忽略未知字段。详见 contracts/README.md。receive 操作的标签为接收该事件的服务。
"""

_EXAMPLES = {
    "province": "41",
    "city": "03",
    "district": "05",
    "street": "006",
    "community": "001",
    "grid": "001",
}
_SUFFIX = ":Message"


class Published(AsyncAPI):
    """What FastStream writes, completed."""

    def document(self) -> Document:
        return _completed(json.loads(super().to_specification().to_json()))

    def to_specification(self) -> ApplicationSchema:
        return ApplicationSchema.model_validate(self.document())


def application() -> FastStream:
    """All that services send and hear, for FastStream's own tools.

    `faststream docs serve --factory ops.contracts.asyncapi:application`
    """
    inlets = (inlet for service in SERVICES for inlet in service.load().SERVICE.inlets)
    broker = EventBroker(
        *inlets, specification_url="nats://{host}", description="NATS with JetStream"
    )
    for event in EVENTS.values():
        broker.publisher(
            address_of(event),
            title=event.type,
            description=cleandoc(event.__doc__ or event.called()),
            schema=message_model(event),
        )
    written = Published(
        title="Jiceng events 基层事件",
        version=VERSION,
        description=INFO,
        schema_version="3.0.0",
    )
    return FastStream(broker, specification=written)


def document() -> Document:
    return cast("Published", application().schema).document()


def message_model(event: type[Event]) -> type[BaseModel]:
    """The envelope as it carries this one event."""
    name = f"{event.__name__}CloudEvent"
    model = create_model(
        name,
        __base__=Envelope,
        __doc__=f"{event.called()}, as it lies on the wire.",
        type=(Literal[event.type], Envelope.model_fields["type"]),  # type: ignore[arg-type]
        data=(event, Envelope.model_fields["data"]),
    )
    model.model_config["title"] = name  # what FastStream calls the schema
    return model


def _completed(document: Document) -> Document:
    document = _renamed(document)
    components = document["components"]
    document["defaultContentType"] = CONTENT_TYPE
    document["servers"] = {SERVER: _server(document["servers"][SERVER])}
    components["parameters"] = _parameters()
    components["messageTraits"] = {"wire": _wire()}
    for name, event in EVENTS.items():
        _complete_channel(document["channels"][name], event)
        _complete_message(components["messages"][name], event)
        _complete_operation(document["operations"][name], event)
    for name, operation in document["operations"].items():
        if operation["action"] == "receive":
            _complete_receiving(document, name)
    document["operations"] |= {
        operation_of("projector", event): _receiving("projector", event) for event in _folded()
    }
    for holder, group in (
        (document, "channels"),
        (document, "operations"),
        (components, "messages"),
        (components, "schemas"),
    ):
        holder[group] = dict(sorted(holder[group].items()))
    return document


def _renamed(node: Any) -> Any:
    """Keys and references without FastStream's suffix and its name of the server."""
    if isinstance(node, dict):
        return {_name(key): _renamed(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(item) for item in node]
    return _name(node) if isinstance(node, str) else node


def _name(text: str) -> str:
    if text == "development":
        return SERVER
    return text.removesuffix(_SUFFIX).replace("#/servers/development", f"#/servers/{SERVER}")


def _server(written: Document) -> Document:
    return {
        "host": "{host}",
        "pathname": "",  # FastStream's tools do not read a server without one
        "protocol": written["protocol"],
        "description": written["description"],
        "variables": {
            "host": {
                "description": "Address of the office's NATS server. 本单位 NATS 服务器地址。",
                "examples": ["nats.example.org:4222"],
            }
        },
        "tags": [
            {"name": stream_of(service), "description": f"JetStream stream of {service}"}
            for service in PUBLISHERS
        ],
    }


def _parameters() -> Document:
    areas: Document = {
        level: {
            "description": f"{label}: this part of the area's code, `-` where the area has none.",
            "examples": [_EXAMPLES[level], "-"],
        }
        for level, label in LEVEL_LABEL.items()
    }
    partition = {
        "description": "分区: FNV-1a (32 bit) of the aggregate's id, modulo the partitions.",
        "enum": [str(number) for number in range(PARTITIONS)],
    }
    return {**areas, "partition": partition}


def _wire() -> Document:
    """What all messages share."""
    return {
        "contentType": CONTENT_TYPE,
        "correlationId": {
            "description": "One for everything that one request led to.",
            "location": "$message.payload#/correlationid",
        },
        "headers": {
            "type": "object",
            "required": ["Nats-Msg-Id", "content-type"],
            "properties": {
                "Nats-Msg-Id": {
                    "type": "string",
                    "format": "uuid",
                    "description": "The event's `id`; JetStream drops repetitions by it.",
                },
                "content-type": {"type": "string", "const": CONTENT_TYPE},
                "traceparent": {"type": "string", "description": "W3C trace context."},
            },
        },
    }


def _complete_channel(channel: Document, event: type[Event]) -> None:
    del channel["bindings"]  # the NATS binding of a channel is empty by its specification
    channel["title"] = event.called()
    channel["messages"] = {event.type: channel["messages"].pop("Message")}
    channel["parameters"] = {
        name: {"$ref": f"#/components/parameters/{name}"} for name in (*AREA_PARTS, "partition")
    }
    channel["tags"] = [{"name": stream_of(event.names()[0])}]


def _complete_operation(operation: Document, event: type[Event]) -> None:
    operation["title"] = event.called()
    operation["messages"] = [{"$ref": f"#/channels/{event.type}/messages/{event.type}"}]


def _complete_receiving(document: Document, name: str) -> None:
    """What is heard comes by the channel by which it is sent; others may hear it as well."""
    del document["channels"][name]
    heard = document["components"]["messages"].pop(f"{name}:SubscribeMessage")
    payload = unquote(heard["payload"]["$ref"]).rpartition("/")[2]
    document["components"]["schemas"].pop(payload, None)
    service, _, event = name.partition(".hears.")
    document["operations"][name] = _receiving(service, EVENTS[event])


def _receiving(service: str, event: type[Event]) -> Document:
    operation: Document = {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{event.type}"},
        "tags": [{"name": service}],
    }
    _complete_operation(operation, event)
    return operation


def _folded() -> set[type[Event]]:
    """What the projector hears is what its figures and names read."""
    read = {read.event for figure in CATALOGUE.counted for read in figure.reads}
    return read | {naming.event for naming in CATALOGUE.names}


def _complete_message(message: Document, event: type[Event]) -> None:
    del message["correlationId"]
    message["name"], message["title"] = event.type, event.called()
    message["traits"] = [{"$ref": "#/components/messageTraits/wire"}]
