"""What all published events have in common: envelope, subject, stream."""

import re
from functools import cache
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.areas import AreaCode, AreaLevel, parts

PARTITIONS = 8
"""Among how many partitions aggregates are spread; part of every subject, so never changed."""

MAX_EVENT_BYTES = 48 * 1024
"""Largest event we publish. CloudEvents asks intermediaries to forward only 64 KiB."""

CONTENT_TYPE = "application/cloudevents+json"
_TYPE = re.compile(
    r"jiceng\.(?P<service>[a-z]+)\.(?P<aggregate>[a-z-]+)\.(?P<name>[a-z-]+)\.v(?P<major>\d+)"
)


@cache
def _names(type_: str) -> tuple[str, str, str]:
    match = _TYPE.fullmatch(type_)
    if match is None:
        raise ValueError(f"{type_!r} is no event type")
    return match["service"], match["aggregate"], match["name"]


class Event(BaseModel):
    """A fact that a service has already committed; the `data` of its CloudEvent.

    Named in the past tense, never edited, extended only by optional fields. Unknown fields are
    ignored, so that an old subscriber survives a newer publisher. Carries ids, codes, counts and
    dates: never a person's name, phone or words (DESIGN 4).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    """CloudEvents type: `jiceng.<service>.<aggregate>.<past-tense>.v<major>`."""

    area: AreaCode

    @property
    def key(self) -> UUID:
        """Identity of the aggregate the fact is about; facts with one key stay in order."""
        raise NotImplementedError

    @classmethod
    def names(cls) -> tuple[str, str, str]:
        """`(service, aggregate, event)` as they stand in the type."""
        return _names(cls.type)

    @classmethod
    def called(cls) -> str:
        """Chinese label, for people."""
        return str(cls.model_config.get("title", cls.__name__))


class Envelope(BaseModel):
    """A CloudEvent 1.0 as it lies on the wire (structured mode)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = Field(title="规范版本")
    id: UUID = Field(
        title="事件编号",
        description="Also the `Nats-Msg-Id`; the same for every copy of the event.",
    )
    source: str = Field(title="来源服务", examples=["/jiceng/bases"])
    type: str = Field(title="事件类型", examples=["jiceng.bases.visit.completed.v1"])
    subject: UUID = Field(title="主体编号", description="The aggregate the event is about.")
    time: AwareDatetime = Field(
        title="发生时刻", description="Business time: when it happened, perhaps entered later."
    )
    datacontenttype: str = Field(default="application/json", title="数据格式")
    dataschema: str | None = Field(
        default=None, title="数据模式", description="`$id` of the JSON Schema of `data`."
    )
    recordedtime: AwareDatetime = Field(
        title="登记时刻", description="When the service committed it."
    )
    aggregateversion: int = Field(
        title="主体版本", ge=1, description="1 for the first fact about the aggregate; no gaps."
    )
    correlationid: str = Field(
        title="关联编号", description="One for everything that one request led to."
    )
    causationid: str | None = Field(
        default=None, title="起因事件", description="The event that led to this one."
    )
    traceparent: str | None = Field(
        default=None, title="追踪上下文", description="W3C trace context."
    )
    data: dict[str, Any] = Field(title="事件内容", description="The fields of the event type.")


def partition_of(aggregate_id: UUID) -> int:
    """FNV-1a (32 bit) of the id's text, modulo `PARTITIONS`: what NATS itself computes."""
    digest = 0x811C9DC5
    for byte in str(aggregate_id).encode():
        digest = ((digest ^ byte) * 0x01000193) & 0xFFFFFFFF
    return digest % PARTITIONS


def subject_of(event: Event) -> str:
    """`jiceng.bases.visit.completed.41.03.05.006.001.-.3`: one area or one kind by wildcard."""
    tokens = ("jiceng", *event.names(), *parts(event.area), str(partition_of(event.key)))
    return ".".join(tokens)


def address_of(event: type[Event]) -> str:
    """The subjects of all events of one type: area and partition left open."""
    open_parts = (f"{{{part}}}" for part in (*AreaLevel, "partition"))
    return ".".join(("jiceng", *event.names(), *open_parts))


def stream_of(service: str) -> str:
    """The JetStream stream that stores all events of `service`."""
    return f"JICENG_{service.upper()}"
