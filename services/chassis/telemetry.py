"""Logs, metrics and traces: one correlation id through request, event and consumer."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from services.chassis.settings import Settings

HTTP_SECONDS = Histogram(
    "jiceng_http_request_seconds",
    "Time to answer, by route",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OUTBOX_PENDING = Gauge("jiceng_outbox_pending", "Committed events that await publication")
OUTBOX_AGE = Gauge("jiceng_outbox_oldest_seconds", "Age of the oldest such event")
PUBLISHED = Counter("jiceng_events_published", "Events acknowledged by the stream", ["stream"])
CONSUMED = Counter("jiceng_events_consumed", "Events handled, by outcome", ["consumer", "outcome"])
LAG = Gauge("jiceng_consumer_lag", "Events not yet delivered to the consumer", ["consumer"])
SWEPT = Counter("jiceng_sweep_runs", "Rounds of the clock, by outcome", ["sweep", "outcome"])
SWEPT_AT = Gauge(
    "jiceng_sweep_last_success_timestamp_seconds",
    "Unix time of the last round that failed in nothing; 0 for none since the start",
    ["sweep"],
)
PARKED = Gauge("jiceng_events_parked", "Events set aside with their reason")

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("jiceng")


def configure(service: str, settings: Settings) -> None:
    """Set up logging for this process, and traces where a collector is named."""
    configure_logging(settings.log_level, settings.log_format)
    structlog.contextvars.bind_contextvars(service=service)
    if settings.otlp_endpoint:
        _export_traces(service, f"{settings.otlp_endpoint}/v1/traces")


def _export_traces(service: str, endpoint: str) -> None:
    # The exporter brings protobuf and requests, which nobody needs without a collector.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": f"jiceng-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)


def _json(line: dict[str, Any], **_: Any) -> str:
    try:
        return msgspec.json.encode(line, enc_hook=repr).decode()
    except (ValueError, OverflowError):  # an unpaired surrogate, an integer beyond 64 bits
        return json.dumps(line, default=repr)


def configure_logging(level: str, form: str) -> None:
    """JSON lines for collectors or coloured lines for people, our own and the libraries' alike."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(serializer=_json)
        if form == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def traceparent() -> str | None:
    """The current span as W3C `traceparent`, to travel inside events."""
    if not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(name: str, kind: SpanKind, parent: str | None) -> Iterator[Span]:
    """A span that continues the trace of `parent`; an exception marks it failed.

    Without a collector and a trace to continue there is nobody to tell, and nothing to pay.
    """
    if parent is None and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        yield trace.INVALID_SPAN
        return
    context = _propagator.extract({"traceparent": parent}) if parent else None
    with _tracer.start_as_current_span(name, context=context, kind=kind) as current:
        yield current


def failed(current: Span, reason: str) -> None:
    current.set_status(Status(StatusCode.ERROR, reason))


@contextmanager
def publishing(stream: str, count: int) -> Iterator[None]:
    """Count the events of a batch once the stream has them."""
    yield
    PUBLISHED.labels(stream).inc(count)
