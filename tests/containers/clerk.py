"""What one clerk does over HTTP: opens a base, holds a visit there, reads the figures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from services.chassis.clock import business_date
from tests.clock import filed
from tests.eventually import eventually

DISTRICT = "410305"


@dataclass
class Clerk:
    """Speaks to the services whose addresses it was told."""

    addresses: dict[str, str]
    token: str
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(timeout=30, trust_env=False)
    )

    async def ask(self, service: str, path: str, **params: str) -> dict[str, Any]:
        answer = await self.client.get(
            self.addresses[service] + path,
            params=params,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def command(
        self, service: str, path: str, *, method: str = "POST", **body: Any
    ) -> httpx.Response:
        return await self.client.request(
            method,
            self.addresses[service] + path,
            json=body,
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex},
        )

    async def do(self, service: str, path: str, **given: Any) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await self.command(service, path, **given)
        assert answer.is_success, answer.text
        return answer.json()

    async def when_heard(self, service: str, path: str, **given: Any) -> dict[str, Any]:
        """A command that may come before its service has heard of what it names."""
        made: dict[str, Any] = {}

        async def accepted() -> bool:
            answer = await self.command(service, path, **given)
            assert answer.is_success or answer.json()["code"].endswith("-unknown"), answer.text
            made.update(answer.json())
            return answer.is_success

        await eventually(accepted)
        return made

    async def open_venue(self) -> dict[str, str]:
        """Area and branch in membership, base and hall in bases; `venue_id`, `organisation_id`."""
        serial = uuid4().hex[:8]
        await self.do("membership", f"/v1/areas/{DISTRICT}", method="PUT", name="测试区")
        branch = await self.do(
            "membership",
            "/v1/organisations",
            code=f"ZB-{serial}",
            name="测试支部",
            kind="branch",
            area=DISTRICT,
            starting_full_members=3,
        )
        base = await self.when_heard(
            "bases",
            "/v1/bases",
            code=f"JD-{serial}",
            name="测试基地",
            kind="red",
            area=DISTRICT,
        )
        hall = await self.do(
            "bases",
            f"/v1/bases/{base['base_id']}/venues",
            code=f"CG-{serial}",
            name="展厅",
            kind="hall",
            capacity=40,
            sharing="exclusive",
        )
        return {"venue_id": hall["venue_id"], "organisation_id": branch["organisation_id"]}

    async def hold_visit(self, place: dict[str, str], *, persons: int, hours_ago: int) -> None:
        """A booking's whole life, entered afterwards."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        starts = hour - timedelta(hours=hours_ago)
        booking = await self.when_heard(
            "bases",
            "/v1/bookings",
            **place,
            headcount=30,
            channel="web",
            visitor_level="district",
            starts_at=starts.isoformat(),
            ends_at=(starts + timedelta(hours=1)).isoformat(),
            occurred_at=filed().isoformat(),
        )
        life = f"/v1/bookings/{booking['booking_id']}"
        await self.do("bases", f"{life}/confirm")
        await self.do("bases", f"{life}/check-in", headcount=persons)
        completed = await self.do("bases", f"{life}/complete")
        assert completed["status"] == "completed"

    async def figure(self, key: str) -> float | None:
        """Of the district, for the days around now."""
        today = business_date(datetime.now(UTC))
        period = {
            "from": str(business_date(filed()) - timedelta(days=2)),
            "to": str(today + timedelta(days=1)),
        }
        found = await self.ask("projector", f"/v1/figures/{key}", area=DISTRICT, **period)
        return found["value"]

    async def figures_become(self, **expected: float) -> None:
        """Until the projector has folded it: `visit_persons=18` means `bases.visit_persons`."""

        async def folded() -> bool:
            found = {name: await self.figure(f"bases.{name}") for name in expected}
            return found == expected

        await eventually(folded)
