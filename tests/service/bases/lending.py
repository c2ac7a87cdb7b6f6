"""Equipment as tests register and lend it."""

from typing import Any

import httpx

from tests.service.office import Office

GUIDES = 12


async def register(office: Office, code: str = "SB-1", **given: Any) -> dict[str, Any]:
    body = {"code": code, "name": "讲解器", "kind": "audio-guide", "quantity": GUIDES} | given
    answer = await office.post(f"/v1/bases/{office.base_id}/equipment", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def edit(office: Office, equipment: dict[str, Any], **changes: Any) -> httpx.Response:
    version = equipment["version"]
    return await office.bases.patch(
        f"/v1/equipment/{equipment['equipment_id']}",
        json=changes,
        headers=office.scene.headers(**{"If-Match": f'"{version}"'}),
    )
