"""What surrounds every request: correlation id, trace span, metrics, and the limit on bodies."""

import re
from collections.abc import Mapping
from time import perf_counter

import structlog
from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis import telemetry
from services.chassis.errors import TooLarge
from services.chassis.http import problems
from services.chassis.ids import new_id

_ACCEPTABLE_ID = re.compile(r"[\x21-\x7e]{1,128}")
log = structlog.get_logger()


class Observed:
    """Correlation id in and out, one span and one measurement a request, bodies up to a limit."""

    def __init__(
        self, app: ASGIApp, *, max_body_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        """`larger` are limits of paths that take more than others."""
        self._app, self._limit, self._larger = app, max_body_bytes, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k: v.decode("latin-1") for k, v in scope["headers"] if k in READ}
        correlation_id = headers.get(b"x-correlation-id", "")
        if not _ACCEPTABLE_ID.fullmatch(correlation_id):
            correlation_id = str(new_id())
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        status = 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-correlation-id", correlation_id.encode()),
                ]
            await send(message)

        started = perf_counter()
        name = f"{scope['method']} {scope['path']}"
        with (
            structlog.contextvars.bound_contextvars(correlation_id=correlation_id),
            telemetry.span(name, SpanKind.SERVER, headers.get(b"traceparent")) as span,
        ):
            limit = self._larger.get(scope["path"], self._limit)
            await self._answer(scope, _limited(limit, headers, receive), tell)
            route = _route_of(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.response.status_code", status)
            seconds = perf_counter() - started
            telemetry.HTTP_SECONDS.labels(scope["method"], route, str(status)).observe(seconds)
            if route not in QUIET:
                log.info(
                    "http.answered",
                    method=scope["method"],
                    route=route,
                    status=status,
                    ms=round(seconds * 1000, 1),
                )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if started:
                raise
            response = await problems.on_defect(Request(scope), error)
            await response(scope, receive, send)


def _limited(limit: int, headers: dict[bytes, str], receive: Receive) -> Receive:
    """Refuse a body that says it is, or turns out to be, over the limit."""
    declared = headers.get(b"content-length", "0")
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        if declared.isdigit() and int(declared) > limit:
            raise _too_large(limit)
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return message

    return limited


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"At most {limit} bytes are accepted.", zh=f"请求内容至多 {limit} 字节。", limit=limit
    )


READ = frozenset({b"x-correlation-id", b"traceparent", b"content-length"})
QUIET = ("/healthz", "/readyz", "/metrics")
"""Probes call these every few seconds; their log lines would bury the others."""


def _route_of(scope: Scope) -> str:
    """The route's template, not the path: ids must not become metric labels."""
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))
