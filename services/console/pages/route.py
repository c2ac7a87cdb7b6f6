"""How a page says no: in Chinese, with a way on, never as a stack trace or as JSON."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from services.chassis.auth import OutOfScope
from services.chassis.errors import Forbidden, Refusal, Unauthenticated
from services.chassis.http.problems import status_of
from services.console.clients.upstream import Outage
from services.console.session import LoginNeeded, forget
from services.console.site import FollowedFromElsewhere, correlation_of, outages, render

log = structlog.get_logger()
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose every refusal and failure is a page."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except Exception as error:  # noqa: BLE001  each becomes a page, defects are logged
                return failure(request, error)

        return answered


def failure(request: Request, error: Exception) -> Response:
    """The page for what was raised."""
    if isinstance(error, FollowedFromElsewhere):
        return render(request, "again.html", address=_address(request))
    if isinstance(error, LoginNeeded):
        return to_login(request, error.why)
    if isinstance(error, Unauthenticated):
        return to_login(request, "token-invalid")
    return refused(request, *_words(request, error), missing=error)


def _words(request: Request, error: Exception) -> tuple[int, str, str]:
    """Status, title and sentence."""
    match error:
        case Outage():
            return 503, "暂时无法显示", ""
        case Forbidden():
            return 403, "没有查看权限", out_of_scope(error)
        case Refusal():
            return status_of(error), error.title_zh, error.zh or error.title_zh
        case RequestValidationError():
            return 422, "地址有误", "网址中的参数无法识别，请从页面重新选择。"
        case _:
            log.error("page.defect", path=request.url.path, exc_info=error)
            return 500, "页面出错", "系统内部错误，已记录。请稍后再试。"


def refused(
    request: Request, status: int, title: str, detail: str, *, missing: object = None
) -> Response:
    return render(
        request,
        "failure.html",
        status=status,
        title=title,
        detail=detail,
        outages=outages(missing),
        correlation=correlation_of(request),
    )


def out_of_scope(error: Forbidden) -> str:
    if isinstance(error, OutOfScope):
        return "所选区域超出您的授权范围。请选择您负责的区域，或联系管理员调整授权。"
    return error.zh or "您的角色不能查看此内容。"


def to_login(request: Request, why: str) -> Response:
    """The login page, saying why, and back here afterwards. A cookie that opens nothing goes."""
    asked = {"why": why}
    if request.url.path not in ("/", "/login", "/logout") and request.method == "GET":
        asked["next"] = _address(request)
    address = "/login?" + urlencode(asked)
    response: Response
    if request.headers.get("hx-request") == "true":
        response = Response(headers={"hx-redirect": address})
    else:
        response = RedirectResponse(address, 303)
    if why != "none":
        forget(response)
    return response


def _address(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


async def no_such_page(request: Request, error: HTTPException) -> Response:
    """Addresses that are no route at all."""
    if error.status_code == 404:  # noqa: PLR2004
        return refused(request, 404, "没有这个页面", "请检查网址，或从首页重新进入。")
    return refused(request, error.status_code, "无法处理", "该地址不接受这种请求。")
