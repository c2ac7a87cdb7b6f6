"""The menu over HTTP: published, changed, retired, shown at a base, printed."""

import asyncio
import io
from typing import Any

import docx
import pytest

from services.bases.tables import menu as tables
from services.chassis import kinds
from services.chassis.ids import new_id
from tests.service.office import COMMUNITY, STREET, Office
from tests.together import together

STEPS = [
    {"title": "列队", "minutes": 5},
    {"title": "领誓", "minutes": 15, "needs": "党旗"},
    {"title": "合影", "minutes": 10},
]


def oath(**given: Any) -> dict[str, Any]:
    return {
        "code": "XM-1",
        "name": "重温入党誓词",
        "kind": "oath-renewal",
        "duration_minutes": 30,
        "most_minutes": 60,
        "least_headcount": 5,
        "most_headcount": 40,
        "venue_kinds": ["hall"],
        "equipment_kinds": ["party-flag"],
        "skill_code": "ceremony",
        "lecturer_count": 1,
        "steps": STEPS,
    } | given


async def published(office: Office, **given: Any) -> dict[str, Any]:
    scope = {} if "area" in given else {"base_id": office.base_id}
    answer = await office.post("/v1/menu-items", oath(**scope | given))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def packaged(office: Office, *codes: str, **given: Any) -> dict[str, Any]:
    parts = [{"item_code": code, "pause_minutes": 10 * n} for n, code in enumerate(codes)]
    said = {"code": "TC-1", "name": "红色套餐", "base_id": office.base_id, "parts": parts}
    answer = await office.post("/v1/packages", said | given)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def got(office: Office, path: str, **params: Any) -> Any:
    answer = await office.bases.get(path, headers=office.scene.headers(), params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def changed(office: Office, path: str, version: int, **changes: Any) -> Any:
    return await office.bases.patch(
        path, json=changes, headers=office.scene.headers(**{"If-Match": f'"{version}"'})
    )


async def versions(database, key: str) -> list[int]:
    bases = await database("bases")
    rows = await bases.pool.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY id", key
    )
    return [row["aggregate_version"] for row in rows]


async def test_an_activity_menu_item_keeps_its_run_sheet_in_every_version(office, database):
    """Activity menu with run-sheet: what was booked stays what it was booked as."""
    item = await published(office)
    path = f"/v1/menu-items/{item['item_id']}"

    again = await changed(office, path, 1, duration_minutes=45, steps=STEPS[:2])
    same = await changed(office, path, 2, duration_minutes=45)

    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert same.json()["version"] == 2
    assert [step["title"] for step in (await got(office, path))["steps"]] == ["列队", "领誓"]
    booked = await got(office, path, version=1)
    assert (booked["duration_minutes"], booked["version"]) == (30, 1)
    assert booked["steps"] == [{"needs": None} | step for step in STEPS]
    gone = await office.post(f"{path}/retire", {})
    assert gone.json()["retired_on"] is not None
    assert await versions(database, item["item_id"]) == [1, 2, 3]


async def test_steps_longer_than_the_item_are_refused_with_the_minutes_that_are_right(office):
    answer = await office.post(
        "/v1/menu-items", oath(base_id=office.base_id, steps=[*STEPS, STEPS[0]])
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "steps-too-long")
    assert (answer.json()["minutes"], answer.json()["most"]) == (35, 30)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "没有"}, "unknown-kind", "kind"),
        ({"venue_kinds": ["cellar"]}, "unknown-kind", "venue_kinds"),
        ({"equipment_kinds": ["cannon"]}, "unknown-kind", "equipment_kinds"),
        ({"skill_code": "juggling"}, "unknown-kind", "skill_code"),
        ({"most_minutes": 29}, "item-out-of-order", "most_minutes"),
        ({"area": COMMUNITY}, "scope-unclear", "base_id"),
    ],
)
async def test_what_cannot_be_is_refused_in_its_field(office, given, code, field):
    answer = await office.post("/v1/menu-items", oath(base_id=office.base_id, **given))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == field


async def test_one_code_names_one_item_however_many_ask_at_once(office):
    answers = await together(
        office.post("/v1/menu-items", oath(base_id=office.base_id)) for _ in range(8)
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]


async def test_the_menu_of_a_base_has_its_own_items_and_those_of_its_area(office):
    await published(office)
    await published(
        office, code="XM-2", area=COMMUNITY, kind="film", skill_code=None, lecturer_count=0
    )
    elsewhere = await office.post(
        "/v1/bases", {"code": "JD-2", "name": "另一基地", "kind": "red", "area": COMMUNITY}
    )
    other = elsewhere.json()["base_id"]
    await published(office, code="XM-3", base_id=other)
    gone = await published(office, code="XM-4")
    await office.post(f"/v1/menu-items/{gone['item_id']}/retire", {})
    await packaged(office, "XM-1", "XM-2")

    menu = await got(office, f"/v1/bases/{office.base_id}/menu")
    there = await got(office, f"/v1/bases/{other}/menu")

    assert [item["code"] for item in menu["items"]] == ["XM-1", "XM-2"]
    assert [item["code"] for item in there["items"]] == ["XM-2", "XM-3"]
    (package,) = menu["packages"]
    assert [part["after_minutes"] for part in package["schedule"]] == [0, 40]
    assert (package["duration_minutes"], there["packages"]) == (70, [])


async def test_a_package_of_an_item_that_is_retired_at_the_same_time_never_stands(office):
    for round_ in range(4):
        item = await published(office, code=f"XM-{round_}")
        package, gone = await asyncio.gather(
            office.post(
                "/v1/packages",
                {
                    "code": f"TC-{round_}",
                    "name": "红色套餐",
                    "base_id": office.base_id,
                    "parts": [{"item_code": f"XM-{round_}"}],
                },
            ),
            office.post(f"/v1/menu-items/{item['item_id']}/retire", {}),
        )
        assert sorted([package.status_code, gone.status_code]) in ([201, 409], [200, 409])


async def test_a_package_is_changed_and_retired_and_frees_its_items(office, database):
    item = await published(office)
    package = await packaged(office, "XM-1", "XM-1")
    path = f"/v1/packages/{package['package_id']}"

    refused = await office.post(f"/v1/menu-items/{item['item_id']}/retire", {})
    fewer = await changed(office, path, 1, parts=[{"item_code": "XM-1"}])
    unknown = await changed(office, path, 2, parts=[{"item_code": "XM-9"}])
    retired = await office.post(f"{path}/retire", {})
    freed = await office.post(f"/v1/menu-items/{item['item_id']}/retire", {})

    assert (refused.json()["code"], refused.json()["packages"]) == ("item-in-package", ["TC-1"])
    assert fewer.json()["parts"] == [{"item_code": "XM-1", "pause_minutes": 0}]
    assert (unknown.json()["code"], unknown.json()["value"]) == ("item-unknown", ["XM-9"])
    assert (retired.status_code, freed.status_code) == (200, 200)
    assert await versions(database, package["package_id"]) == [1, 2, 3]


async def test_lists_find_by_kind_code_and_base_and_leave_out_what_is_retired(office):
    item = await published(office)
    await published(office, code="XM-2", kind="film")
    await office.post(f"/v1/menu-items/{item['item_id']}/retire", {})

    async def codes(**sought: Any) -> list[str]:
        return [each["code"] for each in (await got(office, "/v1/menu-items", **sought))["items"]]

    assert await codes() == ["XM-2"]
    assert await codes(retired=True) == ["XM-1", "XM-2"]
    assert await codes(kind="film") == ["XM-2"]
    assert await codes(code="XM-1") == ["XM-1"]
    assert await codes(base_id=str(new_id())) == []
    page = await got(office, "/v1/menu-items", retired=True, limit=1)
    following = await got(office, "/v1/menu-items", retired=True, limit=1, cursor=page["next"])
    assert [page["items"][0]["code"], following["items"][0]["code"]] == ["XM-1", "XM-2"]
    assert following["next"] is None


async def test_lists_as_files_say_kinds_and_bases_in_words(office):
    await published(office)
    await packaged(office, "XM-1")

    items = await office.bases.get("/v1/menu-items/export", headers=office.scene.headers())
    packages = await office.bases.get("/v1/packages/export", headers=office.scene.headers())

    for words in ("重温入党誓词", "测试基地", "展厅", "党旗与宣誓台", "主持仪式", "领誓 15 党旗"):
        assert words in items.text
    assert "红色套餐" in packages.text


async def test_a_run_sheet_is_printed_with_the_hours_of_the_day(office):
    item = await published(office)
    package = await packaged(office, "XM-1", "XM-1")

    async def cells(path: str, **params: str) -> list[list[str]]:
        answer = await office.bases.get(path, headers=office.scene.headers(), params=params)
        assert answer.status_code == 200, answer.text
        (table,) = docx.Document(io.BytesIO(answer.content)).tables
        return [[cell.text for cell in row.cells] for row in table.rows]

    one = await cells(f"/v1/menu-items/{item['item_id']}/run-sheet.docx", begins="09:50")
    both = await cells(f"/v1/packages/{package['package_id']}/run-sheet.docx")

    assert one[0] == ["序号", "时间", "环节", "所需物品"]
    assert one[2] == ["2", "09:55–10:10", "领誓", "党旗"]
    assert [row[2] for row in both[1:]] == ["列队", "领誓", "合影", "间歇", "列队", "领誓", "合影"]
    assert both[4][1:3] == ["30分–40分", "间歇"]


async def test_only_whoever_keeps_the_base_keeps_its_menu(office):
    item = await published(office)
    path = f"/v1/menu-items/{item['item_id']}"

    for role, area, code in (
        ("base-clerk", COMMUNITY, "forbidden"),
        ("base-manager", "410305001002", "area-out-of-scope"),
    ):
        headers = office.scene.headers(role, area)
        new = await office.bases.post(
            "/v1/menu-items", json=oath(base_id=office.base_id), headers=headers
        )
        assert new.json()["code"] == code
    manager = office.scene.headers("base-manager", STREET, **{"If-Match": '"1"'})
    assert (
        await office.bases.patch(path, json={"name": "新名"}, headers=manager)
    ).status_code == 200


async def test_the_item_is_loaded_without_a_session_as_of_any_version(office, database):
    item = await published(office)
    await changed(office, f"/v1/menu-items/{item['item_id']}", 1, kind="film", most_headcount=90)
    bases = await database("bases")

    async with bases.pool.acquire() as connection:
        now = await tables.item(connection, item["item_id"])
        then = await tables.item(connection, item["item_id"], 1)
        assert await tables.item(connection, new_id()) is None
        assert now is not None
        assert then is not None
        film = await kinds.sort_of(connection, "menu-item", now.details.kind)

    assert (now.version, now.details.most_headcount, film.traits) == (2, 90, {"film": True})
    assert (then.version, then.details.kind, then.details.most_headcount) == (1, "oath-renewal", 40)
    assert then.details.steps[1].needs == "党旗"


async def test_a_package_is_loaded_without_a_session(office, database):
    await published(office)
    package = await packaged(office, "XM-1", "XM-1")
    bases = await database("bases")

    async with bases.pool.acquire() as connection:
        found = await tables.package(connection, package["package_id"])
        assert await tables.package(connection, new_id()) is None

    assert found is not None
    assert [part.pause_minutes for part in found.parts] == [0, 10]


async def test_a_base_that_is_no_more_takes_its_menu_and_its_halls_along(office, database):
    item = await published(office)
    of_area = await published(office, code="XM-2", area=COMMUNITY)
    package = await packaged(office, "XM-1", "XM-2")
    hall = await office.post(
        "/v1/lecture-halls",
        {
            "code": "JT-1",
            "name": "测试学堂",
            "kind": "community-school",
            "base_id": office.base_id,
            "opened_on": "2020-01-01",
        },
    )

    retired = await office.bases.post(
        f"/v1/bases/{office.base_id}/retire",
        json={},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    late = await office.post("/v1/menu-items", oath(base_id=office.base_id, code="XM-3"))

    assert retired.status_code == 200, retired.text
    assert (await got(office, f"/v1/menu-items/{item['item_id']}"))["retired_on"] is not None
    assert (await got(office, f"/v1/menu-items/{of_area['item_id']}"))["retired_on"] is None
    assert (await got(office, f"/v1/packages/{package['package_id']}"))["retired_on"] is not None
    assert (await got(office, f"/v1/lecture-halls/{hall.json()['hall_id']}"))["closed_on"]
    assert late.status_code == 409
    assert await versions(database, item["item_id"]) == [1, 2]
