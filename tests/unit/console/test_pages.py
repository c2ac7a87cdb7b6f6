"""Pages as HTML: who gets in, what is asked of whom, and what is said when a part is missing."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from services.chassis.errors import Defect
from services.console.assets import check_htmx, htmx_folder
from tests.unit.console.conftest import NOW, Interfaces

Token = Callable[..., str]


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silent")


# --- getting in and out ---


async def test_nobody_sees_anything_without_logging_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/summary?area=410305")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?why=none&next=%2Fsummary%3Farea%3D410305"


async def test_a_token_in_the_address_becomes_a_cookie_and_leaves_the_address(
    browser: httpx.AsyncClient, token: Token
) -> None:
    answer = await browser.get("/login", params={"token": token(), "next": "/bookings"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/bookings")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie


async def test_over_https_the_cookie_never_travels_in_the_clear(
    browser: httpx.AsyncClient, token: Token
) -> None:
    answer = await browser.get("https://console/login", params={"token": token()})
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "elsewhere", ["//evil.invalid/", "/\\evil.invalid", "https://evil.invalid", "/login", ""]
)
async def test_logging_in_never_leads_to_another_site(
    browser: httpx.AsyncClient, token: Token, elsewhere: str
) -> None:
    answer = await browser.post("/login", data={"token": token(), "next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"exp": int(NOW.timestamp()) - 3600}, "已过期"),
        ({"iss": "https://elsewhere.invalid"}, "不是本系统签发"),
        ({"aud": "another"}, "不是本系统签发"),
        ({"grants": []}, "没有授予任何区划"),
    ],
)
async def test_a_token_that_opens_nothing_is_refused_with_the_reason(
    browser: httpx.AsyncClient, token: Token, claims: dict[str, object], said: str
) -> None:
    answer = await browser.post("/login", data={"token": token(**claims)})
    assert answer.status_code == 422
    assert said in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("pasted", ["", "   ", "hello", "a.b.c", "x" * 9000, "凭证"])
async def test_what_is_no_token_is_refused_in_words(
    browser: httpx.AsyncClient, pasted: str
) -> None:
    answer = await browser.post("/login", data={"token": pasted})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


async def test_a_session_that_ran_out_leads_back_to_the_login_and_forgets_the_cookie(
    browser: httpx.AsyncClient, token: Token
) -> None:
    browser.cookies.set("jiceng_token", token(exp=int(NOW.timestamp()) - 600))
    answer = await browser.get("/")
    assert answer.headers["location"] == "/login?why=token-expired"
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_a_part_of_a_page_sends_the_whole_page_to_the_login(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/areas", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert answer.headers["hx-redirect"].startswith("/login")


async def test_logging_out_forgets_the_token(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/logout")
    assert answer.headers["location"] == "/login?why=out"
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/login", "/logout"])
async def test_another_site_can_neither_log_in_nor_out(
    visitor: httpx.AsyncClient, path: str
) -> None:
    answer = await visitor.post(path, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


async def test_a_link_from_another_site_is_asked_for_once_more_with_the_cookie(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/?area=410305", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'content="0;url=/?area=410305"' in answer.text


# --- whose rights, which area ---


async def test_services_are_asked_with_the_visitors_token_and_correlation_id(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    answer = await visitor.get("/", headers={"x-correlation-id": "abc-1"})
    assert answer.status_code == 200
    assert answer.headers["x-correlation-id"] == "abc-1"
    assert {r.headers["x-correlation-id"] for r in interfaces.asked} == {"abc-1"}
    sent = visitor.cookies["jiceng_token"]
    assert {r.headers["authorization"] for r in interfaces.asked} == {f"Bearer {sent}"}


async def test_an_area_outside_the_grants_is_refused_before_any_service_is_asked(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    answer = await visitor.get("/?area=410306")
    assert answer.status_code == 403
    assert "超出您的授权范围" in answer.text
    assert not interfaces.asked


async def test_a_refusal_of_a_service_is_a_page_too(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    interfaces.answers["/v1/figures"] = lambda _: httpx.Response(403, json={"detail": "不行。"})
    answer = await visitor.get("/")
    assert answer.status_code == 403
    assert "不行。" in answer.text


async def test_a_service_that_no_longer_accepts_the_token_leads_to_the_login(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    interfaces.answers["/v1/figures"] = lambda _: httpx.Response(401, json={"detail": "过期"})
    assert (await visitor.get("/")).headers["location"].startswith("/login?why=token-invalid")


# --- parts that are missing ---


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refuse, "无法连接"),
        (silent, "未在 3 秒内响应"),
        (lambda _: httpx.Response(503, json={}), "返回错误 503"),
        (lambda _: httpx.Response(200, json={"surprise": 1}), "返回了无法识别的内容"),
        (lambda _: httpx.Response(200, content=b"<html>"), "返回了无法识别的内容"),
    ],
    ids=["down", "silent", "failing", "unlike-the-contract", "no-json"],
)
async def test_a_part_that_fails_is_named_with_its_beginning_and_the_rest_is_shown(
    visitor: httpx.AsyncClient,
    interfaces: Interfaces,
    answer: Callable[[httpx.Request], httpx.Response],
    said: str,
) -> None:
    interfaces.answers["/v1/figures"] = answer
    page = await visitor.get("/")
    assert page.status_code == 200
    assert f"“统计与总结”暂时不可用</strong>：自 2026年11月21日 12:00:00 起{said}" in page.text
    assert "涧西区" in page.text


async def test_without_names_of_areas_the_figures_are_still_shown(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    interfaces.answers["/v1/areas"] = refuse
    interfaces.answers["/v1/areas/410305"] = refuse
    page = await visitor.get("/")
    assert "“区划与党组织”暂时不可用" in page.text
    assert "<b>29</b> 批次" in page.text


async def test_a_silent_service_is_waited_for_once_a_page(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    interfaces.answers["/v1/figures"] = silent
    interfaces.answers["/v1/figures/bases.visit_batches/events"] = silent
    await visitor.get("/?period=since-built")
    asked = [r.url.path for r in interfaces.asked if r.url.path.startswith("/v1/figures")]
    assert "/v1/figures" not in asked


async def test_a_service_that_came_back_is_no_longer_said_to_be_away(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    interfaces.answers["/v1/figures"] = refuse
    assert "暂时不可用" in (await visitor.get("/")).text
    del interfaces.answers["/v1/figures"]
    assert "暂时不可用" not in (await visitor.get("/")).text


async def test_a_mistake_of_ours_is_a_page_without_a_trace(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    interfaces.answers["/v1/figures"] = broken
    page = await visitor.get("/")
    assert page.status_code == 500
    assert "页面出错" in page.text
    assert "ZeroDivisionError" not in page.text


# --- what was asked for ---


async def test_an_impossible_period_keeps_what_was_typed_and_shows_no_numbers(
    visitor: httpx.AsyncClient, interfaces: Interfaces
) -> None:
    page = await visitor.get("/?from=2019-05-01&to=2019-01-01")
    assert page.status_code == 422
    assert "起始日期不能晚于截止日期" in page.text
    assert 'value="2019-05-01"' in page.text
    assert not any(r.url.path.startswith("/v1/figures") for r in interfaces.asked)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/figures/no.such.figure?area=410305", 404),
        ("/nothing", 404),
        ("/summary/download.exe", 422),
        ("/?period=never", 422),
        ("/figures/bases.visit_batches?as_of=yesterday", 422),
        ("/figures/bases.visit_batches?from=x&to=y", 422),
        ("/bookings?day=yesterday", 200),
        ("/bookings?day=0001-01-01", 200),
    ],
)
async def test_wrong_addresses_are_answered_in_chinese(
    visitor: httpx.AsyncClient, path: str, status: int
) -> None:
    page = await visitor.get(path)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="zh-CN">' in page.text


async def test_what_visitors_type_is_never_markup(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/", params={"from": '"><script>x</script>', "to": "2019-01-01"})
    assert "<script>x" not in page.text


# --- headers and files ---


async def test_every_answer_says_what_a_browser_may_load_and_nobody_may_keep(
    visitor: httpx.AsyncClient,
) -> None:
    for path in ("/", "/login", "/nothing", "/healthz"):
        headers = (await visitor.get(path)).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


async def test_files_are_kept_by_version_and_packed(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/login")
    address = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    style = await visitor.get(address, headers={"accept-encoding": "gzip"})
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-encoding"] == "gzip"
    again = await visitor.get(
        "/static/console.css", headers={"if-none-match": style.headers["etag"]}
    )
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


async def test_pages_need_no_script_and_name_no_other_host(visitor: httpx.AsyncClient) -> None:
    text = (await visitor.get("/")).text
    assert "<script>" not in text
    assert "onclick" not in text
    assert "http://" not in text
    assert "https://" not in text


def test_htmx_is_the_one_that_was_tried() -> None:
    check_htmx(htmx_folder())


def test_another_htmx_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Defect, match="missing"):
        check_htmx(tmp_path)
    (tmp_path / "htmx.min.js").write_text("other")
    with pytest.raises(Defect, match="SHA-256"):
        check_htmx(tmp_path)
