"""From many clients at once to the figure, and back from the figure to its bookings."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.chassis.clock import LOCAL
from tests.clock import filed
from tests.eventually import eventually

CLIENTS, BOOKINGS, VENUES = 8, 200, 4
FILED = filed()
TODAY = datetime.now(LOCAL).date()
PERIOD = {"area": "410305012", "from": str(FILED.date()), "to": str(FILED.date())}


class Office:
    """A base of its own in the running stack, in a street the demo leaves alone."""

    def __init__(self, stack, client: httpx.AsyncClient) -> None:
        self.stack, self.client, self.token = stack, client, stack.token()

    async def command(self, service: str, method: str, path: str, **json: Any) -> httpx.Response:
        return await self.client.request(
            method,
            self.stack.url(service) + path,
            json=json,
            headers=self.stack.headers(self.token),
        )

    async def made(self, service: str, method: str, path: str, **json: Any) -> dict[str, Any]:
        """A command that succeeds, perhaps after bases has heard what membership announced."""
        answer: httpx.Response | None = None

        async def accepted() -> bool:
            nonlocal answer
            answer = await self.command(service, method, path, **json)
            return answer.is_success

        await eventually(accepted)
        return answer.json()

    async def figure(self, path: str, **params: Any) -> dict[str, Any]:
        answer = await self.client.get(
            f"{self.stack.url('projector')}/v1/figures/{path}",
            params=PERIOD | params,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def office(stack):
    async with httpx.AsyncClient(timeout=30) as client:
        yield Office(stack, client)


async def test_every_committed_booking_is_in_the_figures_and_the_figure_lists_them(office):
    organisation = await office.made(
        *("membership", "POST", "/v1/organisations"),
        code="SYS-B1",
        name="系统测试支部",
        kind="branch",
        area="410305012",
        starting_full_members=3,
    )
    base = await office.made(
        "bases", "POST", "/v1/bases", code="SYS-1", name="测试基地", kind="basic", area="410305012"
    )
    venues = [
        await office.made(
            "bases",
            "POST",
            f"/v1/bases/{base['base_id']}/venues",
            code=f"SYS-V{n}",
            name=f"测试场馆{n}",
            kind="hall",
            capacity=60,
        )
        for n in range(VENUES)
    ]

    committed = await _book_from_many_clients(office, organisation, venues)

    async def counted() -> bool:
        return (await office.figure("bases.bookings"))["value"] == len(committed)

    await eventually(counted)
    assert await _listed(office) == committed
    by_channel = await office.figure("bases.bookings", by="channel")
    assert sum(group["value"] for group in by_channel["groups"]) == len(committed)


async def _book_from_many_clients(office, organisation, venues) -> set[str]:
    """Half of the wishes overlap another; returns the ids of what was accepted."""
    await office.made(
        "bases",
        "POST",
        "/v1/bookings",
        **_wish(organisation, venues[0], BOOKINGS, "web"),
    )
    wishes = list(range(BOOKINGS))
    committed, refused = set(), 0

    async def client(number: int) -> None:
        nonlocal refused
        channel = ("web", "wechat", "phone", "form")[number % 4]
        while wishes:
            n = wishes.pop()
            wish = _wish(organisation, venues[n % VENUES], n // VENUES // 2, channel)
            answer = await office.command("bases", "POST", "/v1/bookings", **wish)
            if answer.status_code == 201:
                committed.add(answer.json()["booking_id"])
            else:
                assert (answer.status_code, answer.json()["code"]) == (409, "slot-taken")
                refused += 1

    await asyncio.gather(*(client(n) for n in range(CLIENTS)))
    assert (len(committed), refused) == (BOOKINGS // 2, BOOKINGS // 2)
    listed = await office.client.get(
        f"{office.stack.url('bases')}/v1/bookings",
        params={"venue_id": venues[0]["venue_id"], "limit": 100},
        headers={"Authorization": f"Bearer {office.token}"},
    )
    return committed | {b["booking_id"] for b in listed.json()["items"]}


def _wish(organisation, venue, slot: int, channel: str) -> dict[str, Any]:
    begin = datetime.combine(TODAY, datetime.min.time(), LOCAL) + timedelta(days=1, hours=slot)
    return {
        "venue_id": venue["venue_id"],
        "organisation_id": organisation["organisation_id"],
        "starts_at": begin.isoformat(),
        "ends_at": (begin + timedelta(minutes=50)).isoformat(),
        "headcount": 20,
        "channel": channel,
        "visitor_level": "street",
        "occurred_at": FILED.isoformat(),
    }


async def _listed(office) -> set[str]:
    """The bookings behind the figure, page by page."""
    found, cursor = [], None
    while True:
        page = await office.figure(
            "bases.bookings/events", limit=40, **({"cursor": cursor} if cursor else {})
        )
        found += [event["aggregate_id"] for event in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found))
    return set(found)
