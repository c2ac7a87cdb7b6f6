"""Dues as tests owe and pay them."""

from typing import Any

from tests.service.membership.branches import Town

SUMS_DISAGREE = """
SELECT member_id, month, coalesce(b.charged, 0) - b.waived - b.paid AS said, e.total
  FROM dues_balance b FULL JOIN (
       SELECT member_id, month, sum(amount) AS total FROM dues_entry GROUP BY 1, 2) e
 USING (member_id, month)
 WHERE coalesce(b.charged, 0) - b.waived - b.paid IS DISTINCT FROM coalesce(e.total, 0)
"""
MONTHS_DISAGREE = """
SELECT organisation_id, month FROM dues_month d
 WHERE amount <> (SELECT sum(charged - waived) FROM dues_balance b
                   WHERE b.organisation_id = d.organisation_id AND b.month = d.month)
    OR headcount <> (SELECT count(charged) FROM dues_balance b
                      WHERE b.organisation_id = d.organisation_id AND b.month = d.month)
"""


async def standard(town: Town, member: str, **given: Any) -> dict[str, Any]:
    body = {"payer": "salaried", "income": 450_000, "from_month": "2026-07-01"} | given
    return await town.done(f"/v1/members/{member}/dues-standards", body, 201)


def payment(member: str, **given: Any) -> dict[str, Any]:
    return {
        "member_id": member,
        "receipt": "SJ-1",
        "channel": "cash",
        "paid_on": "2026-07-01",
        "amount": 4500,
        "months": ["2026-07-01"],
    } | given


async def owed(town: Town, member: str) -> dict[str, int]:
    account = await town.seen(f"/v1/members/{member}/dues")
    return {
        month["month"][:7]: (month["charged"] or 0) - month["waived"] - month["paid"]
        for month in account["months"]
    }
