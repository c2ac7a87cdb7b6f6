"""What every answer carries, and what an error says, in two languages."""

import asyncpg

from tests.clock import tomorrow
from tests.service.chassis_http.conftest import problem_of

ZH = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


async def test_an_unknown_address_and_a_wrong_method_are_problems(office):
    nowhere = problem_of(await office.bases.get("/v1/nothing"))
    wrong = await office.bases.delete("/v1/bookings")

    assert (nowhere["status"], nowhere["code"]) == (404, "not-found")
    assert (wrong.status_code, problem_of(wrong)["code"]) == (405, "method-not-allowed")
    assert wrong.headers["allow"]


async def test_the_language_of_a_problem_is_the_caller_s(office):
    chinese = {
        "zh-CN": True,
        "zh": True,
        "zh-Hans-CN,en;q=0.3": True,
        "en,zh;q=0.5": False,
        "en-GB": False,
        "fr": False,
        "*": False,
        "": False,
    }
    for accept, expected in chinese.items():
        answer = await office.bases.get("/v1/nothing", headers={"Accept-Language": accept})
        assert is_chinese(answer.json()["title"]) == expected, accept


async def test_every_kind_of_refusal_speaks_chinese_and_keeps_its_code(office):
    await office.book()
    post, headers = office.bases.post, office.scene.headers
    broken = {"content-type": "application/json"} | ZH
    answers = {
        "not-found": await office.bases.get("/v1/nothing", headers=ZH),
        "method-not-allowed": await office.bases.delete("/v1/bookings", headers=ZH),
        "unauthenticated": await office.bases.get("/v1/bookings", headers=ZH),
        "token-invalid": await office.bases.get(
            "/v1/bookings", headers=ZH | {"Authorization": "Bearer x"}
        ),
        "forbidden": await post(
            "/v1/bookings", json=office.booking(), headers=headers("viewer", **ZH)
        ),
        "area-out-of-scope": await post(
            "/v1/bookings", json=office.booking(), headers=headers(area="410306", **ZH)
        ),
        "malformed-json": await post("/v1/bookings", content="{", headers=headers(**broken)),
        "invalid-request": await post("/v1/bookings", json={}, headers=headers(**ZH)),
        "slot-taken": await post("/v1/bookings", json=office.booking(), headers=headers(**ZH)),
        "over-capacity": await post(
            "/v1/bookings", json=office.booking(headcount=99), headers=headers(**ZH)
        ),
        "impossible-time": await post(
            "/v1/bookings", json=office.booking(ends_at=tomorrow(8)), headers=headers(**ZH)
        ),
        "if-match-required": await office.bases.patch(
            f"/v1/venues/{office.hall}", json={}, headers=headers(**ZH)
        ),
        "version-changed": await office.bases.patch(
            f"/v1/venues/{office.hall}", json={}, headers=headers(**ZH, **{"If-Match": '"9"'})
        ),
        "body-too-large": await post(
            "/v1/bookings", content=b" " * 70_000, headers=headers(**broken)
        ),
    }
    for code, answer in answers.items():
        problem = problem_of(answer)
        assert problem["code"] == code
        for text in (problem["title"], problem["detail"]):
            assert is_chinese(text), (code, problem)


async def test_the_reasons_of_single_fields_are_chinese_too(office):
    answer = await office.bases.post(
        "/v1/bookings",
        json=office.booking(headcount=0, channel="fax", starts_at="2030-01-01T09:00:00"),
        headers=office.scene.headers(**ZH),
    )

    reasons = [error["reason"] for error in problem_of(answer)["errors"]]
    assert len(reasons) == 3
    assert all(is_chinese(reason) for reason in reasons)


# Correlation


async def test_a_correlation_id_is_returned_and_travels_into_the_event(office, bases):
    answer = await office.post(
        "/v1/bookings", office.booking(), **{"X-Correlation-Id": "desk-7/42"}
    )

    assert answer.headers["x-correlation-id"] == "desk-7/42"
    body = await bases.pool.fetchval("SELECT body FROM event_log ORDER BY id DESC LIMIT 1")
    assert '"correlationid":"desk-7/42"' in body


async def test_an_unusable_correlation_id_is_replaced(office):
    for given in ("", "a b", "x" * 129, "\x7f", "名".encode()):
        answer = await office.bases.get("/v1/nothing", headers={"X-Correlation-Id": given})
        assert len(answer.headers["x-correlation-id"]) == 36


async def test_every_kind_of_answer_has_one_correlation_id(office):
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/bases", "/v1/none"):
        answer = await office.bases.get(path, headers=office.scene.headers())
        assert answer.headers.get_list("x-correlation-id") != []
        assert len(answer.headers.get_list("x-correlation-id")) == 1


# The database away


async def test_without_its_database_a_service_answers_503_and_recovers_by_itself(
    office, scene, postgres
):
    name = scene.settings.database_dsn("bases").partition("?")[0].rpartition("/")[2]
    admin = await asyncpg.connect(postgres.dsn())
    await admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name
    )
    await admin.execute(f"ALTER DATABASE {name} RENAME TO {name}_away")
    headers = office.scene.headers()

    asked = await office.bases.get("/v1/bookings", headers=headers)
    told = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)
    ready = await office.bases.get("/readyz")
    alive = await office.bases.get("/healthz")

    for answer in (asked, told):
        assert (problem_of(answer)["status"], answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["retry-after"]
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.headers["x-correlation-id"]

    await admin.execute(f"ALTER DATABASE {name}_away RENAME TO {name}")
    await admin.close()
    again = await office.bases.post("/v1/bookings", json=office.booking(), headers=headers)
    assert again.status_code == 201
