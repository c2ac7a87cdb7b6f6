"""What organisations owe: opened and assessed by the clock, recounted by what is recorded."""

from datetime import datetime
from itertools import pairwise

import pytest

from tests.service.membership.life import COMMUNITY, DISTRICT, Now, begin


@pytest.fixture
async def life(scene, start, database):
    """A branch founded on the first day of 2019, seen from the tenth of March 2020."""
    now = Now(datetime.fromisoformat("2020-03-10T10:00:00+08:00"))
    made = await begin(scene, start, database, now)
    made.now = now
    return made


async def duties(life, kind: str, organisation: dict | None = None, year: int = 2020) -> list[dict]:
    of = (organisation or life.branch)["organisation_id"]
    found = (await life.get(f"/v1/organisations/{of}/cadence", year=year)).json()
    return [each for each in found if each["kind"] == kind]


async def overdue(life, **asked) -> list[tuple[str, str]]:
    answer = await life.get("/v1/cadence/overdue", **asked)
    assert answer.status_code == 200, answer.text
    return [(each["kind"], each["due_on"]) for each in answer.json()["items"]]


async def alerts(life) -> list[tuple[str, str]]:
    found = (await life.get("/v1/alerts", kind="cadence-overdue", limit=100)).json()["items"]
    return sorted((each["facts"]["kind"], each["due_on"]) for each in found)


async def test_periods_of_the_year_are_opened_and_those_that_are_over_are_overdue(life):
    followed, assessed = await life.clockwork()

    assert (followed, assessed) == (1, 4)
    assert [(each["due_on"], each["overdue"]) for each in await duties(life, "theme-day")] == [
        ("2020-01-31", True),
        ("2020-02-29", True),
        ("2020-03-31", False),
    ]
    assert await overdue(life, kind="theme-day") == [
        ("theme-day", "2020-01-31"),
        ("theme-day", "2020-02-29"),
    ]
    assert await life.clockwork() == (0, 0)


async def test_alerts_are_about_the_last_period_alone(life):
    await life.clockwork()

    assert await alerts(life) == [("committee-meeting", "2020-02-29"), ("theme-day", "2020-02-29")]


async def test_what_is_held_counts_at_once_and_what_is_entered_late_is_said_again(life):
    await life.clockwork()

    held = await life.held(kind="theme-day", starts_at="2020-02-29T23:59:00+08:00")

    assert await overdue(life, kind="theme-day") == [("theme-day", "2020-01-31")]
    assert await alerts(life) == [("committee-meeting", "2020-02-29")]
    (told,) = await life.events("duty.reassessed")
    assert told[1].startswith("2020-02-29")
    assert (told[2]["was_met"], told[2]["met"]) == (0, 1)
    await life.done(f"/v1/activities/{held['activity_id']}/retract", {}, 200)
    assert ("theme-day", "2020-02-29") in await overdue(life)
    assert ("theme-day", "2020-02-29") in await alerts(life)


@pytest.mark.parametrize(
    ("starts_at", "month"),
    [
        ("2020-02-29T23:59:59+08:00", 2),
        ("2020-03-01T00:00:00+08:00", 3),
        ("2020-02-29T16:00:00Z", 3),
        ("2020-01-31T15:59:59Z", 1),
    ],
)
async def test_months_are_those_of_the_offices_calendar(life, starts_at, month):
    await life.held(kind="theme-day", starts_at=starts_at)

    await life.clockwork()

    met = [each["first_on"] for each in await duties(life, "theme-day") if each["held"]]
    assert met == [f"2020-{month:02}-01"]


async def test_the_clock_assesses_a_period_the_moment_it_is_over(life):
    await life.clockwork()

    life.now.move("2020-03-31T23:59:59+08:00")
    assert await life.clockwork() == (0, 0)
    life.now.move("2020-04-01T00:00:00+08:00")

    assert await life.clockwork() == (1, 4)  # theme day, committee; meeting, lecture of a quarter
    told = [data for _, _, data in await life.events("duty.assessed")]
    assert {each["due_on"] for each in told if each["kind"] == "lecture"} == {"2020-03-31"}


async def test_a_year_is_assessed_when_it_is_over(life):
    await life.clockwork()

    life.now.move("2021-01-01T00:00:00+08:00")
    await life.clockwork()

    told = [data for _, _, data in await life.events("duty.assessed")]
    assert [each["first_on"] for each in told if each["kind"] == "life-meeting"] == ["2020-01-01"]
    assert sum(each["kind"] == "theme-day" for each in told) == 12


async def test_a_correction_of_the_day_moves_it_from_one_period_to_the_other(life):
    await life.clockwork()
    held = await life.held(kind="theme-day", starts_at="2020-01-05T09:00:00+08:00")

    await life.correct(held, starts_at="2020-02-05T09:00:00+08:00")

    assert [each["held"] for each in await duties(life, "theme-day")] == [0, 1, 0]


async def test_a_demand_for_a_kind_is_met_by_any_kind_below_it(life):
    body = {
        "code": "study",
        "area": DISTRICT,
        "organisation_kind": "branch",
        "activity_kind": "study",
        "every": "month",
        "times": 1,
        "effective_from": "2020-01-01",
        "source": "街道学习安排",
    }
    await life.done("/v1/cadences", body)
    await life.clockwork()

    await life.held(kind="seminar", starts_at="2020-01-05T09:00:00+08:00")

    assert [each["held"] for each in await duties(life, "study")] == [1, 0, 0]


async def test_a_joint_activity_counts_for_all_who_held_it(life):
    other = await life.organisation("ZB-2")
    await life.clockwork()

    await life.held(
        kind="theme-day",
        starts_at="2020-01-05T09:00:00+08:00",
        co_organiser_ids=[other["organisation_id"]],
    )

    assert [each["held"] for each in await duties(life, "theme-day", other)] == [1, 0, 0]


async def test_an_organisation_owes_from_its_founding_on(life):
    late = await life.organisation("ZB-9", occurred_at="2020-02-16T09:00:00+08:00")

    await life.clockwork()

    assert [each["first_on"] for each in await duties(life, "theme-day", late)] == ["2020-03-01"]


@pytest.mark.parametrize(("day", "february"), [("14", []), ("15", ["2020-02-29"])])
async def test_what_was_assessed_after_the_dissolution_is_taken_back(life, day, february):
    await life.clockwork()
    path = f"/v1/organisations/{life.branch['organisation_id']}/dissolve"
    gone = await life.client.post(
        path,
        json={"occurred_at": f"2020-02-{day}T09:00:00+08:00"},
        headers=life.scene.headers(**{"If-Match": f'"{life.branch["version"]}"'}),
    )
    assert gone.status_code == 200, gone.text

    await life.clockwork()

    owed = [each["due_on"] for each in await duties(life, "theme-day")]
    assert owed == ["2020-01-31", *february]
    assert await alerts(life) == []
    late = await life.post("/v1/activities", life.meeting(starts_at="2020-02-16T09:00:00+08:00"))
    assert (late.status_code, late.json()["code"]) == (409, "organisation-dissolved")
    assert (await life.held(starts_at="2020-02-01T09:00:00+08:00"))["status"] == "held"


async def test_another_kind_of_organisation_owes_other_things(life):
    group = await life.organisation("XZ-1", "group")

    await life.clockwork()

    assert {each["kind"] for each in await duties(life, "group-meeting", group)}
    assert await duties(life, "theme-day", group) == []


async def test_a_new_version_of_a_demand_leaves_the_past_as_it_was(life):
    body = {
        "code": "field-visit",
        "area": COMMUNITY,
        "organisation_id": life.branch["organisation_id"],
        "activity_kind": "field-visit",
        "every": "month",
        "times": 1,
        "effective_from": "2020-01-01",
        "source": "街道年度安排",
    }
    await life.done("/v1/cadences", body)
    await life.clockwork()
    assert [each["needed"] for each in await duties(life, "field-visit")] == [1, 1, 1]

    mid = await life.post("/v1/cadences", body | {"times": 2, "effective_from": "2020-03-15"})
    assert (mid.status_code, mid.json()["next"]) == (422, "2020-04-01")
    await life.done("/v1/cadences", body | {"times": 2, "effective_from": "2020-04-01"})
    life.now.move("2020-04-02T09:00:00+08:00")
    await life.clockwork()

    assert [each["needed"] for each in await duties(life, "field-visit")] == [1, 1, 1, 2]
    told = await life.events("cadence.stated", "cadence.ended")
    assert [name for name, *_ in told] == ["cadence.stated", "cadence.ended", "cadence.stated"]


async def test_history_is_reckoned_where_a_district_asks_for_it(life):
    await life.clockwork()
    assert await duties(life, "theme-day", year=2019) == []

    await life.done("/v1/cadence/reckonings", {"area": DISTRICT, "since": "2019-01-01"}, 200)
    await life.clockwork()

    # The regulation that asks for theme days came into force on the sixth of May.
    assert [each["first_on"] for each in await duties(life, "theme-day", year=2019)][:2] == [
        "2019-05-06",
        "2019-06-01",
    ]
    assert len(await duties(life, "members-meeting", year=2019)) == 4


async def test_what_is_due_soon_appears_when_the_demand_asks_to_be_reminded(life):
    await life.clockwork()

    assert (await life.get("/v1/cadence/due-soon", kind="theme-day")).json()["items"] == []
    asked = {"kind": "theme-day", "as_of": "2020-03-24"}
    soon = (await life.get("/v1/cadence/due-soon", **asked)).json()["items"]
    assert [each["due_on"] for each in soon] == ["2020-03-31"]
    wider = (await life.get("/v1/cadence/due-soon", kind="theme-day", days=21)).json()["items"]
    assert [each["due_on"] for each in wider] == ["2020-03-31"]
    csv = await life.get("/v1/cadence/due-soon/export", as_of="2020-03-24")
    assert "主题党日,2020-03-01,2020-03-31,1,0,1" in csv.text


async def test_overdue_lists_page_stay_within_the_asked_area_and_export(life):
    await life.organisation("ZB-2")
    await life.clockwork()

    pages, cursor = [], None
    while True:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await life.get("/v1/cadence/overdue", **asked)).json()
        pages.append([(each["area"], each["due_on"], each["duty_id"]) for each in page["items"]])
        if not (cursor := page["next"]):
            break
    found = [each for page in pages for each in page]

    assert len(found) == 8
    assert all(a < b for a, b in pairwise(found))
    assert await overdue(life, within="410305002") == []
    csv = await life.get("/v1/cadence/overdue/export")
    assert len(csv.text.splitlines()) == 9
    assert (await life.get("/v1/cadence/overdue", cursor="e30")).status_code == 422


async def test_as_of_an_earlier_day_less_is_overdue(life):
    await life.clockwork()

    assert {due for _, due in await overdue(life, as_of="2020-02-01")} == {"2020-01-31"}
    assert await overdue(life, as_of="2020-01-31") == []


async def test_a_demand_binds_a_kind_or_one_organisation_never_both(life):
    body = {
        "code": "x",
        "area": DISTRICT,
        "activity_kind": "talk",
        "every": "month",
        "times": 1,
        "effective_from": "2020-01-01",
        "source": "依据",
    }

    neither = await life.post("/v1/cadences", body)
    unknown = await life.post("/v1/cadences", body | {"organisation_kind": "club"})
    clerk = await life.post(
        "/v1/cadences", body | {"organisation_kind": "branch"}, role="community-worker"
    )

    assert [each.status_code for each in (neither, unknown, clerk)] == [422, 422, 403]
