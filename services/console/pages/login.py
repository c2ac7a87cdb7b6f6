"""Logging in with a token, and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.chassis.errors import Forbidden
from services.chassis.http.context import context_of
from services.console.pages.route import PageRoute
from services.console.session import WHY, LoginNeeded, forget, open_session, remember
from services.console.site import render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422


@router.get("/login")
async def login_page(
    request: Request,
    token: Annotated[str | None, Query()] = None,
    why: Annotated[str, Query()] = "",
    following: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """With a token in the address: log in and leave it behind, so that it stays in no history."""
    if token is not None:
        return await _enter(request, token, following)
    return render(request, "login.html", why=WHY.get(why, ""), failed=False, following=following)


@router.post("/login")
async def log_in(
    request: Request,
    token: Annotated[str, Form()] = "",
    following: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    _from_our_own_page(request)
    return await _enter(request, token, following)


@router.post("/logout")
async def log_out(request: Request) -> Response:
    _from_our_own_page(request)
    response = RedirectResponse("/login?why=out", 303)
    forget(response)
    return response


async def _enter(request: Request, token: str, following: str) -> Response:
    try:
        session = await open_session(token, context_of(request))
    except LoginNeeded as needed:
        said = "请粘贴登录凭证。" if needed.why == "none" else WHY[needed.why]
        return render(
            request, "login.html", status=UNPROCESSABLE, why=said, failed=True, following=following
        )
    response = RedirectResponse(_local(following), 303)
    remember(response, session.token, request)
    return response


def _local(address: str) -> str:
    """Only to a page of ours: an address that names another host leads home."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\", "/login", "/logout"))
    return address if ours and address.isprintable() else "/"


def _from_our_own_page(request: Request) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("Posted from another site.", zh="该请求不是从本系统页面发出的。")
