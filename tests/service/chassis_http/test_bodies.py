"""Bodies that are too large, too deep or no JSON, as bytes on the wire."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.service.chassis_http.conftest import fields_of, problem_of

pytestmark = pytest.mark.usefixtures("nothing_written")

FIVE_MB = 5 * 1024 * 1024


async def post(office, content, **headers):
    given = {"content-type": "application/json"} | headers
    return await office.bases.post(
        "/v1/bookings", content=content, headers=office.scene.headers(**given)
    )


async def test_five_megabytes_that_are_declared_are_refused_without_being_read(office):
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    answer = await post(office, body(), **{"content-length": str(FIVE_MB)})

    problem = problem_of(answer)
    assert (problem["status"], problem["code"]) == (413, "body-too-large")
    assert problem["limit"] == 65536


async def test_five_megabytes_in_chunks_are_refused_at_the_limit(office):
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(FIVE_MB // 16384):
            sent += 16384
            yield b" " * 16384

    problem = problem_of(await post(office, body()))

    assert (problem["status"], problem["code"]) == (413, "body-too-large")
    assert sent < 100_000


async def test_a_lying_content_length_does_not_get_past_the_limit(office):
    async def body() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 16384

    problem = problem_of(await post(office, body(), **{"content-length": "10"}))

    assert problem["status"] == 413


NO_JSON = [
    b"",
    b"{",
    b'{"headcount": }',
    b'{"headcount": 3,}',
    b"{'headcount': 3}",
    b"\xff\xfe\x00{",
    b"\x00",
    b'{"a": "\x01"}',
    b"headcount=3",
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b"1" * 5_000,
    "\ufeff{}".encode("utf-16"),
]


async def test_what_is_no_json_is_refused(office):
    for body in NO_JSON:
        problem = problem_of(await post(office, body))
        assert problem["status"] in {400, 422}, body[:20]
        assert problem["code"] in {"malformed-json", "invalid-request"}


async def test_malformed_json_says_where_it_breaks(office):
    problem = problem_of(await post(office, b'{"headcount": 3,,}'))

    assert (problem["status"], problem["code"]) == (400, "malformed-json")
    assert fields_of(problem) == {"16"}


async def test_deep_json_in_a_field_is_refused(office):
    deep = "[" * 900 + "]" * 900
    body = json.dumps(office.booking()).replace('"web"', deep)

    assert fields_of(problem_of(await post(office, body))) == {"channel"}


async def test_a_field_nobody_can_write_is_still_refused_by_name(office):
    for name in ("\ud800", "\udc00x", "\u0000", "visitors\x00"):
        problem = problem_of(await post(office, json.dumps(office.booking() | {name: 1})))
        assert problem["status"] == 422
        assert problem["errors"]


async def test_a_body_of_another_content_type_is_refused(office):
    body = json.dumps(office.booking())
    for content_type in ("text/plain", "application/xml", "multipart/form-data; boundary=x"):
        problem = problem_of(await post(office, body, **{"content-type": content_type}))
        assert problem["status"] == 422


async def test_of_a_repeated_field_the_last_counts_as_json_readers_agree(office):
    body = json.dumps(office.booking())[:-1] + ', "headcount": 0}'

    assert fields_of(problem_of(await post(office, body))) == {"headcount"}
