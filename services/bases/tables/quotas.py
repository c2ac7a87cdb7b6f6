"""How often an organisation books at a base in a week, a month, a year: counters that hold.

A counter is made when a limit first asks for it, from the bookings there are; from then on every
booking keeps it in step, under its row's lock.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from contracts.kinds.bases import QuotaSpan
from services.bases.domain.bookings.refusals import QuotaUsed
from services.bases.domain.bookings.standing import begins
from services.bases.domain.bookings.terms import BookingTerms
from services.chassis.unit_of_work import Transaction

WIDEST_FIRST = tuple(reversed(QuotaSpan))
"""The order in which a booking locks its counters. Who holds the year holds back all others before
they hold a week that a series would come to.
"""

STEP = """
WITH held AS (
    SELECT q.span, q.begins FROM quota_use q
      JOIN unnest($3::text[], $4::date[]) WITH ORDINALITY AS u (span, begins, place)
     USING (span, begins)
     WHERE q.base_id = $1 AND q.organisation_id = $2
     ORDER BY u.place FOR UPDATE OF q
)
UPDATE quota_use q SET used = q.used + $5 FROM held
 WHERE q.base_id = $1 AND q.organisation_id = $2
   AND q.span = held.span AND q.begins = held.begins
RETURNING q.span, q.used
"""
COUNTED = "status NOT IN ('offered', 'declined', 'lapsed') AND (status <> 'cancelled' OR late)"
BEGIN = f"""
INSERT INTO quota_use AS q (base_id, organisation_id, span, begins, used)
SELECT $1, $2, $3, $4, count(*) FROM booking
 WHERE base_id = $1 AND organisation_id = $2 AND {COUNTED}
   AND date_trunc($3, starts_at AT TIME ZONE 'Asia/Shanghai') = $4::date
    ON CONFLICT (base_id, organisation_id, span, begins) DO UPDATE SET used = q.used + 1
RETURNING used
"""  # noqa: S608  our own constant
"""The booking that asks is among those counted, or was not there when another began the count."""
FREE_FROM = f"""
SELECT n::date
  FROM (SELECT ('1 ' || $3)::interval) AS s (span),
       generate_series($4::date + span, $4::date + interval '10 years', span) AS n
 WHERE (SELECT count(*) FROM booking
         WHERE base_id = $1 AND organisation_id = $2 AND {COUNTED}
           AND starts_at >= n AT TIME ZONE 'Asia/Shanghai'
           AND starts_at < (n + span) AT TIME ZONE 'Asia/Shanghai') < $5
 LIMIT 1
"""  # noqa: S608  our own constant
"""The first later span that is not used up."""

USED = f"""
SELECT coalesce((SELECT used FROM quota_use WHERE base_id = $1 AND organisation_id = $2
                    AND span = $3 AND begins = $4),
                count(*) FILTER (WHERE {COUNTED}))
       + count(*) FILTER (WHERE status = 'offered')
  FROM booking WHERE base_id = $1 AND organisation_id = $2
   AND date_trunc($3, starts_at AT TIME ZONE 'Asia/Shanghai') = $4::date
"""  # noqa: S608  our own constant
"""With what is offered to them and would count when they accept."""


async def left(
    work: Transaction,
    base_id: UUID,
    organisation_id: UUID,
    starts_at: datetime,
    terms: BookingTerms,
) -> bool:
    """Whether one more booking would be within every limit: a look, which holds nothing."""
    connection = await work.driver()
    for span in WIDEST_FIRST:
        most, first = terms.most(span), begins(span, starts_at)
        if most is not None:
            used = await connection.fetchval(USED, base_id, organisation_id, span, first)
            if used >= most:
                return False
    return True


async def count(
    work: Transaction,
    base_id: UUID,
    organisation_id: UUID,
    starts_at: datetime,
    terms: BookingTerms,
) -> None:
    """Of a booking that is written. Raises `QuotaUsed`."""
    used = await _step(work, base_id, organisation_id, starts_at, 1)
    for span in WIDEST_FIRST:
        most = terms.most(span)
        if most is None:
            continue
        first = begins(span, starts_at)
        now = used.get(span)
        if now is None:
            connection = await work.driver()
            now = await connection.fetchval(BEGIN, base_id, organisation_id, span, first)
        if now > most:
            connection = await work.driver()
            of_whom = base_id, organisation_id, span, first
            free_from = await connection.fetchval(FREE_FROM, *of_whom, most)
            raise _refused(span, first, most, free_from)


async def uncount(
    work: Transaction, base_id: UUID, organisation_id: UUID, starts_at: datetime
) -> None:
    """Of a booking that counts no more."""
    await _step(work, base_id, organisation_id, starts_at, -1)


async def _step(
    work: Transaction, base_id: UUID, organisation_id: UUID, starts_at: datetime, by: int
) -> Mapping[str, int]:
    firsts = [begins(span, starts_at) for span in WIDEST_FIRST]
    rows = await (await work.driver()).fetch(
        STEP, base_id, organisation_id, list(WIDEST_FIRST), firsts, by
    )
    return {row["span"]: row["used"] for row in rows}


def _refused(span: QuotaSpan, first: date, most: int, free_from: date | None) -> QuotaUsed:
    later = f"，{free_from} 起可再预约" if free_from else ""
    return QuotaUsed(
        f"{most} bookings in the {span} that begins on {first}.",
        zh=f"每{span.label}至多预约 {most} 次，{first} 起的本{span.label}已满{later}。",
        field="organisation_id",
        most=most,
        span=span,
        begins=str(first),
        free_from=free_from and str(free_from),
    )
