"""One trace and one correlation id from request through event to reader; the numbers move."""

from collections.abc import Iterator

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from contracts.membership.organisations import AreaRegistered
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.chassis.event_log import Cause
from tests.eventually import eventually
from tests.service.chassis.probe import STREAM, hear, running

CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    """The process has one provider for good, so it is set once."""
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    trace.set_tracer_provider(provider)
    return kept


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    return exporter


class Overheard:
    """A consumer that remembers why it ran and what its log lines would carry."""

    def __init__(self) -> None:
        self.causes: list[Cause] = []
        self.logged: list[dict[str, object]] = []
        self.inlet = Inlet("bases", "membership")
        self.inlet.on(AreaRegistered)(self._hear)

    async def _hear(self, _: AreaRegistered, uow: Work) -> None:
        self.causes.append(uow.cause)
        self.logged.append(structlog.contextvars.get_contextvars())

    async def heard(self) -> bool:
        return bool(self.causes)


async def test_request_event_and_consumer_share_one_trace_and_one_correlation_id(
    scene, start, reader, nats, health, spans
):
    membership = await start("membership")
    overheard = Overheard()
    told = {"X-Correlation-Id": "desk-7", "traceparent": CALLERS}
    async with running(hear(overheard.inlet, reader, nats, health)):
        answer = await membership.put(
            "/v1/areas/410305", json={"name": "示范区"}, headers=scene.headers(**told)
        )
        assert answer.status_code == 201
        assert answer.headers["X-Correlation-Id"] == "desk-7"
        await eventually(overheard.heard)

    async def both_spans() -> bool:
        return {"PUT", "consume"} <= {span.name.split()[0] for span in spans.get_finished_spans()}

    await eventually(both_spans)
    (request,) = named(spans, "PUT /v1/areas/{code}")
    (consumed,) = named(spans, f"consume {AreaRegistered.type}")
    assert request.parent.span_id == int(CALLERS.split("-")[2], 16)
    assert consumed.parent.span_id == request.context.span_id
    assert {f"{span.context.trace_id:032x}" for span in (request, consumed)} == {
        CALLERS.split("-")[1]
    }

    pool = membership.app.state.context.database.pool
    event = await pool.fetchrow("SELECT event_id, traceparent FROM event_log")
    assert event["traceparent"].split("-")[2] == f"{request.context.span_id:016x}"
    (cause,) = overheard.causes
    assert (cause.correlation_id, cause.causation_id) == ("desk-7", str(event["event_id"]))
    assert cause.traceparent.split("-")[2] == f"{consumed.context.span_id:016x}"
    assert overheard.logged[0]["correlation_id"] == "desk-7"


def named(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.name == name]


async def numbers(client) -> dict[tuple[str, ...], float]:
    """Every sample of `/metrics` by its name and the values of its labels."""
    text = (await client.get("/metrics")).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_tell_of_requests_outbox_stream_consumer_and_lot(
    scene, start, database, client
):
    idle = await start("membership", background=False)
    await idle.put("/v1/areas/410305", json={"name": "示范区"}, headers=scene.headers())
    await rename_area(idle, scene)
    waiting = await numbers(idle)
    assert waiting["jiceng_outbox_pending",] == 2
    assert waiting["jiceng_outbox_oldest_seconds",] > 0
    assert waiting["jiceng_http_request_seconds_count", "PUT", "/v1/areas/{code}", "201"] >= 1

    published = ("jiceng_events_published_total", STREAM)
    consumed = ("jiceng_events_consumed_total", "bases-membership", "handled")
    parked = ("jiceng_events_consumed_total", "bases-membership", "parked")
    membership, bases = await start("membership"), await start("bases")
    await client.jetstream().publish("jiceng.membership.nonsense", b"?", stream=STREAM)

    async def moved() -> bool:
        now, there = await numbers(membership), await numbers(bases)
        return (
            now["jiceng_outbox_pending",] == 0
            and now[published] - waiting.get(published, 0) == 2
            and there.get(consumed, 0) - waiting.get(consumed, 0) == 2
            and there.get(parked, 0) - waiting.get(parked, 0) == 1
            and there["jiceng_events_parked",] == 1
            and there["jiceng_consumer_lag", "bases-membership"] == 0
        )

    await eventually(moved)


async def rename_area(client, scene) -> None:
    renamed = await client.put(
        "/v1/areas/410305", json={"name": "示范新区"}, headers=scene.headers()
    )
    assert renamed.status_code == 200


async def test_readiness_may_be_asked_of_some_parts_only(scene, start):
    bases = await start("bases")

    async def ready(**asked) -> tuple[int, set[str]]:
        answer = await bases.get("/readyz", params=asked)
        return answer.status_code, set(answer.json()["parts"])

    async def whole() -> bool:
        return (await ready())[0] == 200

    await eventually(whole)
    scene.nats.kill()

    async def noticed() -> bool:
        return (await ready())[0] == 503

    await eventually(noticed)
    assert await ready(part="database") == (200, {"database"})
    assert await ready(part="nonsense") == (503, set())
    scene.nats.start()
