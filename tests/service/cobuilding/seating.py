"""Bodies and seats as tests make them."""

from typing import Any

from tests.service.cobuilding.town import COMMUNITY, Town, serial

LAYERS = [
    {"code": "core", "label": "核心层", "seats": 1},
    {"code": "close", "label": "紧密层", "seats": 8},
    {"code": "wide", "label": "联系层"},
]
SITTER = {"name": "示例任职人", "position": "示例职务"}


async def body(town: Town, **given: Any) -> dict[str, Any]:
    said = {
        "code": f"ZZ-{next(serial)}",
        "name": "示例社区大党委",
        "kind": "community-committee",
        "area": COMMUNITY,
        "organisation_id": town.organisation_id,
        "layers": LAYERS,
    }
    return await town.post("/v1/bodies", said | given)


def path(body: dict[str, Any]) -> str:
    return f"/v1/bodies/{body['body_id']}"


async def seat(town: Town, body: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Of a new unit in the widest layer, unless another holder is given."""
    said = {"kind": "member", "layer": "wide"} | given
    if not {"unit_id", "organisation_id", "holder_area"} & given.keys():
        said["unit_id"] = (await town.unit())["unit_id"]
    return await town.post(f"{path(body)}/seats", said)
