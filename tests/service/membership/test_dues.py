"""Dues over HTTP: standards, months, payments, arrears, reliefs and returns."""

from collections import Counter
from datetime import timedelta

import asyncpg
import pytest

from services.membership.handlers.dues.arrears import ARREARS
from services.membership.handlers.dues.charging import CHARGE
from tests.service.membership.branches import COMMUNITY, OTHER_COMMUNITY, open_town
from tests.service.membership.paying import MONTHS_DISAGREE, SUMS_DISAGREE, owed, payment, standard
from tests.together import together


@pytest.fixture
async def town(scene, start):
    """The first of July; at the end the ledger's sums must fit its entries."""
    made = await open_town(scene, start)
    yield made
    assert await made.pool.fetch(SUMS_DISAGREE) == []
    assert await made.pool.fetch(MONTHS_DISAGREE) == []


async def test_a_standard_is_computed_from_the_income_which_is_kept_nowhere(town):
    member = await town.member()

    made = await standard(town, member, income=777_777)

    assert (made["monthly"], made["bracket"], made["rule_version"]) == (11667, "3", "2008")
    assert await owed(town, member) == {"2026-07": 11667}
    for table in ("dues_standard", "dues_entry", "dues_balance", "event_log", "idempotency"):
        assert "777777" not in str(await town.pool.fetch(f"SELECT * FROM {table}"))


async def test_no_fact_says_what_one_member_owes_or_paid(town):
    member = await town.member()
    await standard(town, member)
    await town.done("/v1/dues/payments", payment(member), 201)

    bodies = await town.pool.fetch("SELECT body FROM event_log WHERE type LIKE '%dues%'")
    assert len(bodies) == 2
    assert not [row for row in bodies if member in row["body"]]


async def test_a_raise_counts_from_its_month_and_changes_no_month_before(town):
    member = await town.member()
    await standard(town, member, from_month="2026-05-01", income=300_000)
    await standard(town, member, from_month="2026-06-01", income=300_001)

    assert await owed(town, member) == {"2026-05": 1500, "2026-06": 3000, "2026-07": 3000}
    account = await town.seen(f"/v1/members/{member}/dues")
    assert [entry["amount"] for entry in account["entries"]] == [1500, 1500, 1500, 1500, 1500]


async def test_dues_begin_with_the_month_of_the_meeting_that_accepted(town):
    member = await town.member(state="probationary", joined_on="2020-05-20")

    early = await town.post(
        f"/v1/members/{member}/dues-standards",
        {"payer": "student", "from_month": "2020-04-01"},
    )
    first = await standard(town, member, payer="student", income=None, from_month="2020-05-01")

    assert (early.status_code, early.json()["code"]) == (422, "dues-before-membership")
    assert first["monthly"] == 20


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"from_month": "2026-07-02"}, "not-a-month"),
        ({"payer": "farmer", "income": 1}, "dues-basis-missing"),
        ({"payer": "farmer", "income": None, "amount": 19}, "farmer-dues-out-of-range"),
        ({"payer": "student"}, "dues-basis-missing"),
        ({"income": None}, "dues-basis-missing"),
    ],
)
async def test_what_makes_no_standard_is_refused(town, given, code):
    member = await town.member()
    body = {"payer": "salaried", "income": 450_000, "from_month": "2026-07-01"} | given

    answer = await town.post(f"/v1/members/{member}/dues-standards", body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_applicants_pay_no_dues(town):
    applicant = await town.member(state="applicant")

    answer = await town.post(
        f"/v1/members/{applicant}/dues-standards",
        {"payer": "student", "from_month": "2026-07-01"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "pays-no-dues")


async def test_each_month_is_charged_once_at_the_branch_the_member_then_belongs_to(town):
    member = await town.member()
    await standard(town, member)
    sent = await town.send(member, town.far)
    await town.step(sent, "receive")

    same_month = await town.sweep(CHARGE)
    town.pass_days(31)
    done = [await town.sweep(CHARGE), await town.sweep(CHARGE)]

    months = await town.seen("/v1/dues/months", first="2026-07-01", last="2026-08-01")
    assert (same_month, done) == (0, [1, 0])
    assert [
        (row["month"], row["organisation_id"], row["headcount"], row["due"])
        for row in months["items"]
    ] == [("2026-07-01", town.first, 1, 4500), ("2026-08-01", town.far, 1, 4500)]


async def test_who_left_is_charged_no_more(town):
    member = await town.member()
    await standard(town, member)
    await town.done(f"/v1/members/{member}/leave", {"leaving": "deceased"})

    town.pass_days(31)
    await town.sweep(CHARGE)

    assert await owed(town, member) == {"2026-07": 4500}


async def test_months_of_a_branch_are_announced_as_sums_that_only_grow_by_what_changed(town):
    for _ in range(2):
        await standard(town, await town.member())

    rows = await town.pool.fetch(
        "SELECT body::jsonb->'data' AS data, occurred_at FROM event_log"
        " WHERE type LIKE '%dues-month%' ORDER BY id"
    )
    assert ['"amount": 4500' in row["data"] for row in rows] == [True, False]
    assert '"was_amount": 4500' in rows[1]["data"]
    assert '"headcount": 2' in rows[1]["data"]
    assert {row["occurred_at"].isoformat() for row in rows} == {"2026-06-30T16:00:00+00:00"}


async def test_a_payment_fills_its_months_the_earliest_first(town):
    member = await town.member()
    await standard(town, member, from_month="2026-06-01")

    paid = await town.done(
        "/v1/dues/payments",
        payment(member, amount=6000, months=["2026-07-01", "2026-06-01"]),
        201,
    )

    assert paid["months"] == ["2026-06-01", "2026-07-01"]
    assert await owed(town, member) == {"2026-06": 0, "2026-07": 3000}


async def test_a_month_may_be_paid_before_it_is_charged(town):
    member = await town.member()
    await standard(town, member)

    await town.done(
        "/v1/dues/payments",
        payment(member, amount=9000, months=["2026-07-01", "2026-08-01"]),
        201,
    )
    ahead = await owed(town, member)
    town.pass_days(31)
    await town.sweep(CHARGE)

    assert ahead == {"2026-07": 0, "2026-08": -4500}
    assert await owed(town, member) == {"2026-07": 0, "2026-08": 0}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"amount": 4501}, 422, "payment-mismatch"),
        ({"months": []}, 422, "payment-mismatch"),
        ({"purpose": "extra"}, 422, "payment-mismatch"),
        ({"months": ["2026-05-01"]}, 422, "payment-mismatch"),
        ({"months": ["2026-07-15"]}, 422, "not-a-month"),
        ({"paid_on": "2026-07-02"}, 422, "paid-in-future"),
    ],
)
async def test_a_payment_that_does_not_fit_is_refused(town, given, status, code):
    member = await town.member()
    await standard(town, member)

    answer = await town.post("/v1/dues/payments", payment(member, **given))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_without_a_standard_there_is_nothing_to_pay(town):
    answer = await town.post("/v1/dues/payments", payment(await town.member()))

    assert (answer.status_code, answer.json()["code"]) == (409, "no-dues-standard")


@pytest.mark.parametrize(
    ("amount", "destination"), [(99_999, "local"), (100_000, "centre"), (100_001, "centre")]
)
async def test_a_thousand_yuan_and_more_at_once_beyond_the_dues_go_to_the_centre(
    town, amount, destination
):
    extra = payment(await town.member(), purpose="extra", amount=amount, months=[])

    paid = await town.done("/v1/dues/payments", extra, 201)

    assert (paid["destination"], paid["months"]) == (destination, [])


async def test_a_receipt_is_recorded_once_whoever_is_first(town):
    first, second = await town.member(), await town.member()
    for member in (first, second):
        await standard(town, member)

    answers = await together(
        town.post("/v1/dues/payments", payment(m)) for m in (first, second) * 4
    )

    codes = Counter((a.status_code, a.json().get("code")) for a in answers)
    assert codes[201, None] == 1
    assert set(codes) <= {(201, None), (409, "receipt-taken"), (422, "payment-mismatch")}
    elsewhere = await town.member(town.far)
    await standard(town, elsewhere)
    assert (await town.post("/v1/dues/payments", payment(elsewhere))).status_code == 201


async def test_a_payment_is_taken_back_by_entries_of_its_own_and_only_once(town):
    member = await town.member()
    await standard(town, member)
    paid = await town.done("/v1/dues/payments", payment(member), 201)
    path = f"/v1/dues/payments/{paid['payment_id']}/reverse"

    answers = await together(town.post(path, {"reason": "mistyped"}) for _ in range(4))
    again = await town.post("/v1/dues/payments", payment(member))

    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.is_error} == {"reversed-already"}
    account = await town.seen(f"/v1/members/{member}/dues")
    assert [(e["kind"], e["amount"]) for e in account["entries"]] == [
        ("charge", 4500),
        ("payment", -4500),
        ("reversal", 4500),
        ("payment", -4500),
    ]
    assert again.status_code == 201
    assert await town.events(paid["payment_id"]) == ["recorded", "reversed"]


async def test_the_database_itself_refuses_to_edit_or_delete_what_was_entered(town):
    member = await town.member()
    await standard(town, member)
    await town.done("/v1/dues/payments", payment(member), 201)

    for statement in (
        "UPDATE dues_entry SET amount = 1",
        "DELETE FROM dues_entry",
        "UPDATE dues_payment SET amount = 1",
        "DELETE FROM dues_payment",
    ):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await town.pool.execute(statement)


async def test_many_payments_and_changes_at_once_keep_the_sums(town):
    members = [await town.member() for _ in range(4)]
    for member in members:
        await standard(town, member, from_month="2026-05-01")

    async def act(place: int) -> int:
        member = members[place % 4]
        if place % 3 == 0:
            answer = await town.post(
                f"/v1/members/{member}/dues-standards",
                {"payer": "salaried", "income": 500_000 + place, "from_month": "2026-06-01"},
            )
        else:
            body = payment(
                member, receipt=f"SJ-{place}", amount=1500, months=["2026-05-01", "2026-06-01"]
            )
            answer = await town.post("/v1/dues/payments", body)
        return answer.status_code

    statuses = await together(act(place) for place in range(24))

    assert set(statuses) <= {201, 422}  # nothing is paid beyond what is owed


async def test_arrears_are_listed_as_they_stood_on_any_day(town):
    member = await town.member()
    await standard(town, member, from_month="2026-05-01")
    await town.done(
        "/v1/dues/payments", payment(member, months=["2026-05-01"], paid_on="2026-06-20"), 201
    )

    now = (await town.seen("/v1/dues/arrears"))["items"]
    before = (await town.seen("/v1/dues/arrears", as_of="2026-06-19"))["items"]
    after = (await town.seen("/v1/dues/arrears", as_of="2026-06-20"))["items"]
    long = (await town.seen("/v1/dues/arrears", least=2))["items"]

    assert [(row["months"], row["since"], row["owed"]) for row in now] == [(1, "2026-06-01", 4500)]
    assert [(row["months"], row["since"]) for row in before] == [(1, "2026-05-01")]
    assert (after, long) == ([], [])


async def test_what_is_collected_by_the_quarter_is_overdue_after_the_quarter(town):
    monthly, quarterly = await town.member(), await town.member()
    await standard(town, monthly)
    await standard(town, quarterly, rhythm="quarterly")

    town.pass_days(31)
    august = (await town.seen("/v1/dues/arrears"))["items"]
    town.pass_days(61)
    october = (await town.seen("/v1/dues/arrears"))["items"]

    assert [row["member_id"] for row in august] == [monthly]
    assert {row["member_id"] for row in october} == {monthly, quarterly}


async def test_three_five_and_six_months_in_a_row_raise_an_alert_each_until_paid(town):
    member = await town.member()
    await standard(town, member, income=100_000)
    seen = []
    for _ in range(7):
        await town.sweep(CHARGE)
        await town.sweep(ARREARS)
        seen.append(await town.alerts(member))
        town.now = (town.now.replace(day=15) + timedelta(days=31)).replace(day=2)

    three, five = "dues-overdue", "dues-overdue-again5"
    assert seen == [
        *(set(), set(), set()),
        *({three}, {three}, {three, five}),
        {three, five, "dues-limit"},
    ]
    last = payment(member, amount=500, months=["2027-01-01"], paid_on="2027-02-01")
    await town.done("/v1/dues/payments", last, 201)
    assert await town.alerts(member) == set()


async def test_who_may_see_and_enter_dues(town):
    member = await town.member()
    await standard(town, member)
    body = payment(member)

    denied = [
        await town.post("/v1/dues/payments", body, "community-worker", COMMUNITY),
        await town.post("/v1/dues/payments", body, "organisation-clerk", OTHER_COMMUNITY),
        await town.get("/v1/dues/arrears", "viewer", COMMUNITY),
        await town.get(f"/v1/members/{member}/dues", "viewer", COMMUNITY),
    ]
    granted = await town.post("/v1/dues/payments", body, "organisation-clerk", COMMUNITY)
    sums = await town.get(
        "/v1/dues/months", "viewer", COMMUNITY, first="2026-07-01", last="2026-07-01"
    )

    assert [answer.status_code for answer in denied] == [403] * 4
    assert (granted.status_code, sums.status_code) == (201, 200)
