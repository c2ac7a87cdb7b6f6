"""The organisations' books over HTTP, with their alerts and exports."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from services.chassis import sweeps
from services.membership.handlers import books as handlers
from services.membership.sweeps import SWEEPS

COMMUNITY, NEXT = "410305001001", "410305001002"
AREAS = ("410305", "410305001", COMMUNITY, NEXT)
DECEMBER = datetime(2019, 12, 27, 2, tzinfo=UTC)
SWEEP = {sweep.name: sweep for sweep in SWEEPS}


class Desk:
    """Somebody who keeps books over HTTP."""

    def __init__(self, client, scene):
        self.client, self.scene = client, scene

    async def post(self, path, role="admin", grant="410305", **body):
        headers = self.scene.headers(role, grant)
        return await self.client.post(f"/v1/{path}", json=body, headers=headers)

    async def get(self, path, role="admin", area="410305", **params):
        headers = self.scene.headers(role, area)
        return await self.client.get(f"/v1/{path}", params=params, headers=headers)

    async def patch(self, path, version, **body):
        headers = self.scene.headers() | {"If-Match": f'"{version}"'}
        return await self.client.patch(f"/v1/{path}", json=body, headers=headers)

    async def entry(self, **body):
        given = {"book": "register", "kind": "press-item", "area": COMMUNITY, "label": "刊登信息"}
        answer = await self.post("book-entries", **given | body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
async def desk(scene, start):
    client = await start("membership", background=False, clock=lambda: DECEMBER)
    for code in AREAS:
        await client.put(f"/v1/areas/{code}", json={"name": f"区划{code}"}, headers=scene.headers())
    return Desk(client, scene)


async def types(desk):
    rows = await desk.client.app.state.context.database.pool.fetch(
        "SELECT type, aggregate_version FROM event_log WHERE type LIKE '%book-entry%'"
        " OR type LIKE '%profile-number%' ORDER BY id"
    )
    return [(row["type"].split(".", 2)[2].removesuffix(".v1"), row[1]) for row in rows]


async def test_an_entry_is_made_corrected_and_withdrawn_and_each_is_announced(desk):
    made = await desk.entry(quantity=30, bound="at-least", occurred_at="2019-12-01T00:00:00+08:00")
    path = f"book-entries/{made['entry_id']}"

    mended = await desk.patch(path, made["version"], quantity=32)
    gone = await desk.post(f"{path}/withdraw", reason="entered-twice")

    assert (made["day"], made["bound"], made["duration"]) == ("2019-12-01", "at-least", "once")
    assert (mended.status_code, mended.json()["quantity"]) == (200, 32)
    assert gone.json()["withdrawn_at"] is not None
    assert (await desk.get("book-entries")).json()["items"] == []
    assert await types(desk) == [
        ("book-entry.entered", 1),
        ("book-entry.corrected", 2),
        ("book-entry.withdrawn", 3),
    ]


async def test_a_changed_label_is_kept_and_announced_to_nobody(desk):
    made = await desk.entry()
    answer = await desk.patch(f"book-entries/{made['entry_id']}", 1, label="刊登信息（修订）")
    assert (answer.json()["label"], answer.json()["version"]) == ("刊登信息（修订）", 1)
    assert len(await types(desk)) == 1


async def test_an_edit_of_what_somebody_else_changed_is_refused(desk):
    made = await desk.entry()
    await desk.patch(f"book-entries/{made['entry_id']}", 1, quantity=2)
    late = await desk.patch(f"book-entries/{made['entry_id']}", 1, quantity=3)
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"kind": "no-such-kind"}, "unknown-kind", "kind"),
        ({"area": "410305001009"}, "area-unknown", "area"),
        ({"book": "fund", "kind": "work"}, "amount-missing", "amount_fen"),
        ({"amount_fen": 100}, "field-not-of-this-book", "amount_fen"),
        ({"organisation_id": f"{0:032x}"}, "organisation-unknown", "organisation_id"),
        ({"quantity": -1}, "invalid-request", None),
        ({"occurred_at": "2020-01-01T00:00:00+08:00"}, "time-in-future", "occurred_at"),
    ],
)
async def test_a_wrong_entry_is_refused_by_field_and_leaves_nothing(desk, body, code, field):
    given = {"book": "register", "kind": "press-item", "area": COMMUNITY, "label": "刊登信息"}
    answer = await desk.post("book-entries", **given | body)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json().get("field")) == (code, field)
    assert await types(desk) == []


async def test_a_number_of_the_ledger_belongs_to_one_entry(desk):
    await desk.entry(code="KD-1")
    again = await desk.post(
        "book-entries",
        book="register",
        kind="essay",
        area=COMMUNITY,
        label="征文",
        code="KD-1",
    )
    assert (again.status_code, again.json()["code"]) == (409, "code-taken")


async def test_what_stands_is_ended_once(desk):
    post = await desk.entry(kind="model-post", label="党员示范岗", quantity=4)
    path = f"book-entries/{post['entry_id']}/end"
    assert post["duration"] == "standing"
    assert (await desk.post(path)).json()["ended_at"] is not None
    assert (await desk.post(path)).json()["code"] == "entry-closed"
    once = await desk.entry()
    assert (await desk.post(f"book-entries/{once['entry_id']}/end")).json()["code"] == (
        "entry-not-standing"
    )


async def test_only_who_keeps_books_here_may_write_and_others_see_their_own_area(desk):
    await desk.entry()
    refused = await desk.post(
        "book-entries",
        role="community-worker",
        grant=NEXT,
        book="register",
        kind="essay",
        area=COMMUNITY,
        label="征文",
    )
    elsewhere = await desk.get("book-entries", role="viewer", area=NEXT)
    assert refused.status_code == 403, refused.text
    assert elsewhere.json()["items"] == []
    other = await desk.get("book-entries", role="viewer", area=NEXT, within=COMMUNITY)
    assert other.status_code == 403


async def test_a_task_that_comes_due_is_an_alert_until_it_is_done(desk):
    soon = await desk.entry(
        book="task", kind="duty-list", label="责任清单", due_on=f"{date(2020, 1, 3)}"
    )
    await desk.entry(book="task", kind="duty-list", label="来年", due_on=f"{date(2020, 1, 4)}")
    context = desk.client.app.state.context

    assert await sweeps.once(context, SWEEP["tasks-due"]) == 1
    assert await sweeps.once(context, SWEEP["tasks-due"]) == 0
    (alert,) = (await desk.get("alerts", kind="task-due")).json()["items"]
    await desk.post(f"book-entries/{soon['entry_id']}/move", state="done")

    assert (alert["subject_id"], alert["due_on"]) == (soon["entry_id"], "2020-01-03")
    assert (alert["rule"], alert["label"]) == ("task.notice", "任务将到期或已逾期")
    assert (await desk.get("alerts", kind="task-due")).json()["items"] == []
    assert await sweeps.once(context, SWEEP["tasks-due"]) == 0


async def test_communities_below_the_yearly_minimum_are_named_until_they_have_it(desk):
    fund = {"book": "fund", "kind": "party-building", "label": "党建工作经费"}
    await desk.entry(**fund, amount_fen=5_000_000)
    await desk.entry(**fund, area=NEXT, amount_fen=4_999_999)
    await desk.entry(**fund, area=NEXT, amount_fen=9_000_000, amount_bound="target")
    await desk.entry(**fund | {"kind": "garden"}, area=NEXT, amount_fen=9_000_000)

    listed = await desk.get("fund-minimum", year=2019, within="410305")
    await sweeps.once(desk.client.app.state.context, SWEEP["funds-below-minimum"])
    (alert,) = (await desk.get("alerts", kind="fund-below-minimum")).json()["items"]
    await desk.entry(**fund, area=NEXT, amount_fen=1)

    assert [(row["area"], row["amount_fen"]) for row in listed.json()["items"]] == [
        (COMMUNITY, 5_000_000),
        (NEXT, 4_999_999),
    ]
    assert (alert["area"], alert["facts"]) == (
        NEXT,
        {"given_fen": 4_999_999, "least_fen": 5_000_000},
    )
    assert (await desk.get("alerts", kind="fund-below-minimum")).json()["items"] == []


async def test_before_december_nobody_is_reproached(scene, start):
    november = await start(
        "membership", background=False, clock=lambda: DECEMBER - timedelta(days=30)
    )
    assert await sweeps.once(november.app.state.context, SWEEP["funds-below-minimum"]) == 0


async def test_a_list_is_exported_with_chinese_headings_and_no_formula_runs(desk):
    await desk.entry(label="=1+1", quantity=3)
    as_csv = await desk.get("book-entries/export", format="csv")
    as_xlsx = await desk.get("book-entries/export", format="xlsx", kind="press-item")

    heading, line = list(csv.reader(io.StringIO(as_csv.text.removeprefix("\ufeff"))))
    assert (heading[0], line[4], line[6]) == ("台账", "'=1+1", "3")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.content)).active
    assert [cell.value for cell in sheet[2]][4:7] == ["'=1+1", "不分级", 3]
    assert handlers.SWEPT > 1


# Profile numbers


async def test_a_number_may_come_between_two_others_and_only_one_a_day(desk):
    number = {"area": COMMUNITY, "kind": "households", "source": "街道统计站年报"}
    for year, quantity in ((2017, 100), (2019, 130), (2018, 120)):
        answer = await desk.post(
            "profile-numbers", **number, quantity=quantity, occurred_at=f"{year}-01-01T00:00:00Z"
        )
        assert answer.status_code == 201, answer.text
    again = await desk.post(
        "profile-numbers", **number, quantity=1, occurred_at="2018-01-01T00:00:00Z"
    )

    assert (again.status_code, again.json()["code"]) == (409, "profile-stated")
    rows = await desk.client.app.state.context.database.pool.fetch(
        "SELECT body::jsonb -> 'data' ->> 'change' AS change FROM event_log"
        " WHERE type LIKE '%profile-number%' ORDER BY id"
    )
    assert [int(row["change"]) for row in rows] == [100, 30, 20, -20]


async def test_a_number_is_corrected_and_withdrawn(desk):
    number = {"area": COMMUNITY, "kind": "households", "source": "街道统计站年报"}
    made = (await desk.post("profile-numbers", **number, quantity=100)).json()
    path = f"profile-numbers/{made['entry_id']}"

    mended = await desk.patch(path, made["version"], quantity=101)
    gone = await desk.post(f"{path}/withdraw")

    assert (mended.json()["quantity"], mended.json()["version"]) == (101, 2)
    assert gone.json()["withdrawn_at"] is not None
    assert (await desk.post(f"{path}/withdraw")).status_code == 404
    assert (await desk.get("profile-numbers")).json()["items"] == []
