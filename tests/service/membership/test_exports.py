"""Every list of membership can be had as a file, with the same rows."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from openpyxl import load_workbook
from pydantic import BaseModel
from starlette.routing import BaseRoute

from contracts.kinds.labelled import Labelled
from services.chassis.http import lists
from services.chassis.http.parameters import names_of
from services.chassis.service import create_app
from services.chassis.settings import Settings
from services.membership.app import SERVICE
from tests import walks
from tests.service.membership.exports import furnish
from tests.service.membership.roll import Roll, opened

OF_ONE_THING = "a few lines about one thing, which the page of that thing shows whole"
WITHOUT_FILE = {
    "/v1/kinds": "settings of any service, not records; edited one by one",
    "/v1/rules": "settings of any service, not records; edited one by one",
    "/v1/rules/{code}": OF_ONE_THING,
    "/v1/organisations/{organisation_id}/history": OF_ONE_THING,
    "/v1/organisations/{organisation_id}/seats": OF_ONE_THING,
    "/v1/organisations/{organisation_id}/cadence": OF_ONE_THING,
    "/v1/members/{member_id}/history": OF_ONE_THING,
    "/v1/posts/{post_id}/candidates": "an answer about one post, ranked; not kept",
    "/v1/volunteer-teams/{team_id}/volunteers": OF_ONE_THING,
}
ASKED: dict[str, dict[str, Any]] = {
    "/v1/dues/returns/due": {"year": 2025},
    "/v1/dues/months": {"first": "2025-01-01", "last": "2025-12-01"},
    "/v1/fund-minimum": {"year": 2025, "within": "410305"},
    "/v1/training/short": {"year": 2025},
    "/v1/activities/held-by-each": {
        "kind": "three-meetings",
        "organisation_kind": "branch",
        "from": "2025-01-01",
        "to": "2025-12-31",
    },
    "/v1/points/ranking": {"year": 2025},
    "/v1/cadence/overdue": {"since": "2021-01-01"},
    "/v1/cadence/due-soon": {"as_of": "2021-03-25"},
}
"""What a list does not answer without, or of what day it has something to show."""
NARROWER = {
    "/v1/organisations": {"dissolved"},
    "/v1/wishes": {"organisation_id"},
    "/v1/liaison-points": {"code"},
    "/v1/skills": {"service_kind", "organisation_id", "member_id", "registrant_id"},
    "/v1/service-items": {"code", "team_id", "member_id", "registrant_id", "offered"},
    "/v1/service-requests": {"member_id", "registrant_id", "late"},
    "/v1/volunteer-teams": {"code", "standing"},
    "/v1/help-files": {"code"},
    "/v1/terms": {"organisation_id"},
    "/v1/volunteers": {"member_id", "registrant_id"},
    "/v1/liaison-visits": {"number", "asks_for_work"},
    "/v1/posts": {"code", "free", "closed"},
    "/v1/claims": {"post_id", "registrant_id", "code"},
}
"""Filters of a list that its file was given out without."""
WIDER = {"/v1/members": {"full", "purpose"}}
"""Of a file that says more than its list, to whoever may know it."""
HEADINGS = json.loads(Path(__file__).with_name("headings.json").read_text("utf-8"))
"""Of every file as it was given out: whoever reads them by their headings goes on doing so."""
EMPTY_HERE = {"/v1/dues/returns/due"} | {
    f"/v1/{of_working}" for of_working in ("claims", "posts", "registrants", "service-records")
}
"""Lists by the helper that show nothing in the street of this test: only headings are compared.
Every line of those of working members is pinned in `test_working_files`.
"""


def walked(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """All routes of an app: what it includes stands below it as a router of its own."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(included := getattr(route, "original_router", None), APIRouter):
            yield from walked(included.routes)


ROUTES = {
    route.path: route
    for route in walked(create_app(SERVICE, Settings()).routes)
    if "GET" in (route.methods or ())
}
LISTS = sorted(path for path, route in ROUTES.items() if lists.view_of(route.endpoint))
BY_HELPER = [
    path
    for path in LISTS
    if f"{path}/export" in ROUTES and hasattr(ROUTES[f"{path}/export"].endpoint, "columns")
]


@walks.over(LISTS)
def test_a_list_has_a_file_or_a_reason_to_have_none(path):
    assert (f"{path}/export" in ROUTES) != (path in WITHOUT_FILE)


def test_no_reason_outlives_its_list():
    assert set(LISTS) >= {*WITHOUT_FILE, *ASKED}
    assert len(LISTS) > 50
    assert len(BY_HELPER) > 15


@walks.over(BY_HELPER)
def test_a_file_asks_what_its_list_asks_but_for_the_page(path):
    asked, exported = (names_of(ROUTES[each]) for each in (path, f"{path}/export"))
    wanted = {*asked} - {"cursor", "limit"} - NARROWER.get(path, set()) | {"format"}
    assert {*exported} == wanted | WIDER.get(path, set())


async def test_every_file_has_a_heading_line_and_the_rows_of_its_list(
    scene, start, database, monkeypatch
):
    monkeypatch.setattr(lists, "PART", 2)  # so that files of three rows turn a page
    roll = await opened(scene, start)
    await furnish(roll, await database("membership"))

    wrong = {}
    for path in LISTS:
        if path not in WITHOUT_FILE and "{" not in path:
            faults = await _compare(roll, path)
            if faults:
                wrong[path] = faults

    assert wrong == {}


async def _compare(roll: Roll, path: str) -> list[str]:
    asked = ASKED.get(path, {})
    items = await _items(roll, path, asked)
    answers = [await roll.get(f"{path}/export", **asked, format=form) for form in ("csv", "xlsx")]
    if any(answer.status_code != 200 for answer in answers):
        return [answer.text for answer in answers]
    text = answers[0].content.decode("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(text))
    sheet = load_workbook(io.BytesIO(answers[1].content)).active
    first = [cell.value for cell in sheet[1]]
    faults = []
    if headings != HEADINGS.get(path):
        faults.append(f"headings {headings}, before {HEADINGS.get(path)}")
    if not all(headings) or first != headings or sheet.max_row != 1 + len(rows):
        faults.append(f"headings {headings}, in xlsx {first}, rows {sheet.max_row}")
    if len(rows) != len(items):
        faults.append(f"{len(rows)} rows of {len(items)}")
    if path in BY_HELPER:
        faults += _differences(path, headings, rows, items)
    return faults


def _differences(
    path: str, headings: list[str], rows: list[list[str]], items: list[dict[str, Any]]
) -> list[str]:
    """Numbers and plain texts stand in the file as in the list; the rest stands where it does."""
    file = ROUTES[f"{path}/export"].endpoint
    view, columns = file.view, file.columns
    faults = [] if items or path in EMPTY_HERE else ["nothing to compare"]
    if [column.heading for column in columns] != headings:
        faults.append(f"headings {headings}")
    for row, item in zip(rows, items, strict=False):
        for cell, column in zip(row, columns, strict=True):
            said, plain = _shown(item, view, column.field)
            if plain in {str, int, str | None, int | None} and column.written is None:
                said = f"'{said}" if str(said).startswith("=") else said
                same = cell == ("" if said is None else str(said))
            else:
                same = bool(cell) == (said not in (None, [], {}))
            if not same:
                faults.append(f"{column.field}: {cell!r} for {said!r}")
    return faults


def _shown(item: dict[str, Any], view: type[BaseModel], field: str) -> tuple[Any, Any]:
    """What the list says there, and as what; a field within a field is looked up, only."""
    name, _, inner = field.partition(".")
    if isinstance(getattr(view, name, None), property):
        found = getattr(view.model_validate(item), name)
        return found, None if isinstance(found, Labelled | bool) else str
    if inner:
        return (item[name] or {}).get(inner), None
    return item[name], view.model_fields[name].annotation


async def _items(roll: Roll, path: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await roll.get(path, **asked, **cursor)
        assert answer.status_code == 200, (path, answer.text)
        body = answer.json()
        if isinstance(body, list):
            return body
        items += body["items"]
        if body["next"] is None:
            return items
        cursor = {"cursor": body["next"]}


async def test_a_file_says_names_labels_and_local_times_and_keeps_persons_masked(
    scene, start, database
):
    roll = await opened(scene, start)
    await furnish(roll, await database("membership"))

    async def lines(path: str) -> list[dict[str, str]]:
        text = (await roll.get(f"/v1/{path}/export")).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    alert = next(row for row in await lines("alerts") if row["期限"] == "2026-06-30")
    assert (alert["责任党组织"], alert["程度"]) == ("ZB-1组织", "预警")
    assert alert["提出时刻"] == "2026-06-01 09:30"
    instructor = (await lines("instructors"))[0]
    assert instructor["姓名"] == "测**"
    assert instructor["党员编号"].startswith("D-")
    charge = (await lines("instructor-charges"))[0]
    assert (charge["党建指导员"], charge["两新组织"]) == ("ZD-0", "测试商会")
    rota = (await lines("duty-rotas"))[0]
    assert (rota["值勤类别"], rota["节假日照常"]) == ("义务巡防", "否")
    assert (await lines("areas"))[0]["层级"] == "区"
    assert (await lines("employers"))[0]["单位名称"] == "'=单位0"


async def test_a_file_is_refused_as_its_list_is(scene, start):
    roll = await opened(scene, start)

    outside = await roll.get("/v1/alerts/export", granted="410306", within="410305")
    unknown = await roll.get("/v1/alerts/export", format="pdf")
    anonymous = await roll.client.get("/v1/alerts/export")

    assert [a.status_code for a in (outside, unknown, anonymous)] == [403, 422, 401]
