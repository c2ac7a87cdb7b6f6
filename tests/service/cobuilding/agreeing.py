"""Agreements as tests make them."""

from typing import Any

from tests.service.cobuilding.town import Town, serial

PROMISE = {"side": "unit", "kind": "service", "text": "每月开展一次义诊", "every": "month"}
GIFT = {"side": "office", "kind": "venue", "text": "开放党群服务中心会议室", "due_on": "2026-06-30"}


async def draft(town: Town, unit: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    """For the year 2026 with two promises, which a seal signs."""
    unit = unit or await town.unit()
    body = {
        "number": f"示例街共建〔2026〕{next(serial)}号",
        "kind": "service-cooperation",
        "title": "共建协议",
        "organisation_id": town.organisation_id,
        "unit_id": unit["unit_id"],
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "promises": [PROMISE, GIFT],
    }
    return await town.post("/v1/agreements", body | given)


async def offered(town: Town, unit: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    made = await draft(town, unit, **given)
    sent = await town.post(f"{path(made)}/submission")
    return await town.post(f"{path(made)}/approval", **seen(sent))


async def sign(town: Town, agreement: dict[str, Any], side: str, **given: Any) -> dict[str, Any]:
    return await town.post(
        f"{path(agreement)}/signatures", signature(town, agreement, side, **given)
    )


def signature(town: Town, agreement: dict[str, Any], side: str, **given: Any) -> dict[str, Any]:
    today = town.clock().date().isoformat()
    return {"side": side, "signed_on": today, "digest": agreement["digest"]} | given


async def concluded(town: Town, unit: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    """Signed by both today, in force if its first day has come."""
    made = await offered(town, unit, **given)
    await sign(town, made, "office")
    return await sign(town, made, "unit")


async def read(town: Town, agreement: dict[str, Any]) -> dict[str, Any]:
    return await town.done("GET", path(agreement))


def path(agreement: dict[str, Any]) -> str:
    return f"/v1/agreements/{agreement['agreement_id']}"


def seen(agreement: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{agreement["version"]}"'}
