"""ETag and If-Match: an edit names the version it saw, so nobody overwrites the unread."""

from typing import Annotated

from fastapi import Depends, Header, Response

from services.chassis.errors import Invalid, PreconditionFailed, PreconditionRequired


def etag(version: int) -> str:
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = etag(version)


def needed() -> PreconditionRequired:
    return PreconditionRequired(
        "Send the ETag you read as `If-Match`.", zh="请在 If-Match 中提供读取时的版本号。"
    )


def parsed(if_match: str) -> int:
    """The version that an ETag names. Raises `Invalid`."""
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isdigit():
        raise Invalid('If-Match must be an ETag such as "3".', zh='If-Match 应形如 "3"。')
    return int(tag)


async def _expected(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise needed()
    return parsed(if_match)


IfMatch = Annotated[int, Depends(_expected)]
"""The version the caller saw."""


async def _seen(if_match: Annotated[str | None, Header()] = None) -> int | None:
    return None if if_match is None else await _expected(if_match)


IfMatchUnlessNew = Annotated[int | None, Depends(_seen)]
"""For a PUT that also registers: the version the caller saw, None where there was nothing."""


def check(expected: int, current: int) -> None:
    """Raises `PreconditionFailed` when somebody else changed it in between."""
    if expected != current:
        raise PreconditionFailed(
            f"You saw version {expected}; it is at {current} now.",
            zh=f"您看到的是第 {expected} 版，现在已是第 {current} 版，请刷新后重试。",
            current=current,
        )
