"""The line a request leaves in the log, and that no text can break a line."""

import json
import logging

import pytest
import structlog

from services.chassis import telemetry
from services.chassis.http import middleware
from services.chassis.http.middleware import Observed

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/v1/bookings/7",
    "headers": [(b"x-correlation-id", b"desk-7")],
}


@pytest.fixture(autouse=True)
def _logging_as_it_was():
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


async def answering(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def nothing(*_):
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_the_line_of_a_request_carries_its_correlation_id(capsys, monkeypatch):
    telemetry.configure_logging("info", "json")
    monkeypatch.setattr(middleware, "log", structlog.get_logger())

    await Observed(answering, max_body_bytes=10)(dict(SCOPE), nothing, nothing)

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["correlation_id"]) == ("http.answered", "desk-7")
    assert (line["status"], line["method"]) == (201, "POST")


def test_a_line_survives_what_is_no_text(capsys):
    telemetry.configure_logging("info", "json")

    structlog.get_logger().info("odd", text="\ud800", number=2**70, thing=object())

    line = json.loads(capsys.readouterr().out)
    assert line["number"] == 2**70
    assert line["thing"].startswith("<object")
