"""The working calendar of membership, as bases hear of it: a year, a year anew, a day."""

from datetime import date
from typing import Any

from tests.conftest import DISTRICT, Scene, Start
from tests.eventually import eventually
from tests.service.office import Office, open_office


async def enter(membership: Any, scene: Scene, days: dict[str, bool], **headers: str) -> Any:
    body = {
        "source": "国办发明电〔2026〕9号",
        "exceptions": [{"day": day, "works": works} for day, works in days.items()],
    }
    answer = await membership.put(
        "/v1/calendar/years/2027", json=body, headers=scene.headers(**headers)
    )
    assert answer.status_code in {200, 201}, answer.text
    return answer


async def district(membership: Any, scene: Scene) -> None:
    answer = await membership.put(
        f"/v1/areas/{DISTRICT}", json={"name": "涧西区"}, headers=scene.headers()
    )
    assert answer.is_success, answer.text


async def copied(database: Any) -> dict[str, bool]:
    pool = (await database("bases")).pool
    rows = await pool.fetch("SELECT day, working FROM calendar_day WHERE day > '2026-12-31'")
    return {str(row["day"]): row["working"] for row in rows}


async def years(office: Office) -> dict[int, tuple[int, int]]:
    answer = await office.bases.get("/v1/calendar-years", headers=office.scene.headers())
    return {row["year"]: (row["days_off"], row["days_worked"]) for row in answer.json()}


async def test_a_year_that_membership_enters_replaces_or_changes_is_the_same_at_the_bases(
    scene: Scene, start: Start, database
):
    membership = await start("membership")
    office = await open_office(scene, start, background=True)
    await district(membership, scene)
    assert 2027 not in await years(office)
    assert (await years(office))[2026] == (19, 6)

    await enter(membership, scene, {"2027-01-01": False, "2027-01-02": False, "2027-10-09": True})
    first = {"2027-01-01": False, "2027-10-09": True}  # 2 January is a Saturday anyway
    await eventually(lambda: _is(database, first))
    assert (await years(office))[2027] == (1, 1)

    second = {"2027-10-01": False, "2027-10-10": True}
    await enter(membership, scene, second, **{"If-Match": '"1"'})
    await eventually(lambda: _is(database, second))

    for version, (day, works) in enumerate(
        [("2027-10-01", True), ("2027-10-04", False), ("2027-10-10", False)], start=2
    ):
        answer = await membership.put(
            f"/v1/calendar/days/{day}",
            json={"source": "更正", "works": works},
            headers=scene.headers(**{"If-Match": f'"{version}"'}),
        )
        assert answer.is_success, answer.text
    await eventually(lambda: _is(database, {"2027-10-04": False}))
    assert (await years(office))[2027] == (1, 0)


async def _is(database: Any, wanted: dict[str, bool]) -> bool:
    return await copied(database) == wanted


async def test_a_year_that_arrives_opens_what_was_refused_without_it(
    scene: Scene, start: Start, database
):
    membership = await start("membership")
    office = await open_office(scene, start, background=True)
    await district(membership, scene)
    path = f"/v1/bases/{office.base_id}"
    stated = await office.bases.put(
        f"{path}/opening-hours",
        json={"effective_from": "2026-06-10", "hours": {"friday": [["09:00", "17:00"]],
                                                         "holiday": []}},
        headers=scene.headers(),
    )  # fmt: skip
    assert stated.status_code == 201, stated.text
    asked = {"from": "2027-01-01", "to": "2027-01-01"}

    before = await office.bases.get(f"{path}/open", params=asked, headers=scene.headers())
    await enter(membership, scene, {"2027-01-01": False})
    await eventually(lambda: _is(database, {"2027-01-01": False}))
    after = await office.bases.get(f"{path}/open", params=asked, headers=scene.headers())

    assert (before.status_code, before.json()["code"]) == (422, "calendar-missing")
    assert date(2027, 1, 1).strftime("%A") == "Friday"
    assert [row["open"] for row in after.json()] == [[], []]
