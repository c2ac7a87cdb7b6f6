"""RFC 9457 `application/problem+json` for everything a route refuses, in English or Chinese."""

import json
from collections.abc import Mapping
from math import isfinite

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from services.chassis.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Refusal,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from services.chassis.http import failures, references
from services.chassis.http.wording import zh_reason

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "tag:jiceng,2026:problem/"
"""RFC 9457 section 3.1.1 allows a tag URI; what stands behind it is the stable code."""

STATUS: dict[type[Refusal], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    PreconditionFailed: 412,
    TooLarge: 413,
    Invalid: 422,
    PreconditionRequired: 428,
    TooMany: 429,
    Unavailable: 503,
    Refusal: 422,
}
RETRY_AFTER_S = 2


class FieldError(BaseModel):
    field: str = Field(examples=["body.headcount"])
    reason: str
    value: object = None


class Problem(BaseModel):
    """The body of every refusal; a refusal may add members of its own."""

    type: str = Field(examples=[f"{TYPE_PREFIX}not-found"])
    code: str = Field(description="Stable; programs may rely on it.")
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


def documented(text: str) -> dict[str, object]:
    """A refusal in the description of a route, by reference: `description` adds what it refers to.

    With `model` the framework would make a model of its own for each refusal of each route.
    """
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


RESPONSES: dict[int | str, dict[str, object]] = {
    status: documented(text)
    for status, text in {
        400: "Malformed request",
        401: "No valid token",
        403: "Not allowed, or outside the granted areas",
        404: "Not found",
        409: "Conflicts with the current state",
        412: "Changed by somebody else",
        413: "Body too large",
        422: "The request says something that cannot be",
        428: "If-Match is needed",
        503: "Temporarily unavailable",
    }.items()
}
"""Documented on every route."""


class ProblemResponse(JSONResponse):
    """Shows what was wrong even where that is no text: an unpaired surrogate becomes `?`."""

    media_type = MEDIA_TYPE

    def render(self, content: object) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(
            errors="replace"
        )


def in_chinese(request: Request) -> bool:
    """True when the caller prefers Chinese to English."""
    accepted = request.headers.get("accept-language", "").lower()
    zh, en = accepted.find("zh"), accepted.find("en")
    return zh >= 0 and (en < 0 or zh < en)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    facts: Mapping[str, object] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The document; `facts` become members of it, but never replace one of RFC 9457's."""
    body = {
        "type": f"{TYPE_PREFIX}{code}",
        "code": code,
        "title": title,
        "status": status,
        "detail": detail,
    }
    return ProblemResponse({**(facts or {}), **body}, status, headers)


def status_of(refusal: Refusal) -> int:
    """The nearest category decides, so a new refusal never needs a new row here."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


async def on_refusal(request: Request, refusal: Refusal) -> JSONResponse:
    if isinstance(refusal, NotFound):
        refusal = await references.placed(request, refusal)
    zh = in_chinese(request)
    status = status_of(refusal)
    headers = {}
    if status == STATUS[Unauthenticated]:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if status == STATUS[Unavailable]:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    return problem(
        status,
        refusal.code,
        refusal.title_zh if zh else refusal.title,
        (refusal.zh or refusal.title_zh) if zh else refusal.detail,
        facts=refusal.facts,
        headers=headers,
    )


async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    zh = in_chinese(request)
    malformed = any(e["type"] == "json_invalid" for e in error.errors())
    fields = [
        {
            "field": ".".join(map(str, e["loc"])),
            "reason": zh_reason(e) if zh else e["msg"],
            "value": _shown(e.get("input")),
        }
        for e in error.errors()
    ]
    named = "；" if zh else "; "
    detail = named.join(f"{f['field']}: {f['reason']}" for f in fields[:5])
    if malformed:
        title = "请求不是有效的 JSON" if zh else "The body is no valid JSON"
        return problem(400, "malformed-json", title, detail, facts={"errors": fields})
    title = "请求内容有误" if zh else "Invalid request"
    return problem(422, "invalid-request", title, detail, facts={"errors": fields})


def _shown(value: object) -> object:
    """Enough of a wrong value to recognise it by."""
    if value is None or isinstance(value, int | bool):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    return str(value)[:100]


FRAMEWORK: dict[int, tuple[str, str, str]] = {
    400: ("malformed-json", "The body cannot be read", "请求内容无法读取"),
    404: ("not-found", "There is nothing at this address", "没有这个地址"),
    405: ("method-not-allowed", "The address does not know this method", "该地址不支持此请求方法"),
}
"""What the framework itself refuses: code, title, Chinese title."""


async def on_http(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error.__cause__, Refusal):  # FastAPI wraps what reading the body raised
        return await on_refusal(request, error.__cause__)
    detail = str(error.detail)
    code, english, chinese = FRAMEWORK.get(error.status_code, ("http-error", detail, detail))
    title = chinese if in_chinese(request) else english
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, code, title, title, headers=headers)


def _template(request: Request) -> str:
    """Of the address; what stands in its places may be a secret."""
    return str(getattr(request.scope.get("route"), "path", request.url.path))


async def on_defect(request: Request, error: Exception) -> JSONResponse:
    """Our fault, or the database's. The caller learns nothing; the log has the traceback."""
    refusal = failures.refusal_of(error)
    if refusal is not None:
        log.warning("http.database_failed", code=refusal.code, error=repr(error))
        return await on_refusal(request, refusal)
    log.error("http.defect", path=_template(request), exc_info=error)
    zh = in_chinese(request)
    return problem(
        500,
        "defect",
        "内部错误" if zh else "Internal error",
        "结果未知，可用同一 Idempotency-Key 重试。" if zh else "Outcome unknown; safe to repeat.",
    )


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, on_refusal)  # type: ignore[arg-type]  # narrower than Exception
    app.add_exception_handler(RequestValidationError, on_invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, on_http)  # type: ignore[arg-type]
