"""Keys of calendar feeds are opened and revoked; calendars are put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from contracts.kinds.feeds import FeedScope
from services.bases.domain.feeds.items import Item
from services.bases.domain.feeds.keys import Subject, check_room, fresh_secret, hashed
from services.bases.domain.feeds.terms import FeedTerms
from services.bases.tables.feeds import items as table
from services.bases.tables.feeds import keys
from services.bases.tables.feeds.items import Window
from services.bases.tables.feeds.keys import FeedRow
from services.chassis import rulebook
from services.chassis.clock import business_date, midnight
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Calendar:
    """What a reader may see of it."""

    whose: Subject
    items: Sequence[Item]
    cut: bool
    """There is more than a feed holds."""
    terms: FeedTerms


async def open_feed(
    whose: Subject, areas: Sequence[str], uow: UnitOfWork, *, maker: str
) -> tuple[FeedRow, str]:
    """The key and its secret, which is told this once. Raises `TooManyFeeds`.

    `areas` are those that `maker` may read.
    """
    book = await rulebook.at(uow.session, business_date(uow.now), FeedTerms)
    terms = book[FeedTerms]
    check_room(await keys.valid_of(uow.session, maker, uow.now), terms)
    secret = fresh_secret()
    row = FeedRow(
        feed_id=new_id(),
        digest=hashed(secret),
        scope=whose.scope,
        subject_id=whose.subject_id,
        area=whose.area,
        areas=list(areas),
        opened_by=maker,
        opened_at=uow.now,
        expires_at=uow.now + timedelta(days=terms.lasts_days),
        counted_from=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    return row, secret


async def revoke(feed_id: UUID, uow: UnitOfWork, *, actor: str) -> FeedRow:
    """The address answers 410 from now on. Revoking it again changes nothing."""
    row = await keys.feed(uow.session, feed_id, lock=True)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = uow.now, actor
    return row


async def calendar(
    connection: asyncpg.Connection,
    whose: Subject,
    areas: Sequence[str],
    terms: FeedTerms,
    now: datetime,
) -> Calendar:
    """Of whole days, so that it changes with its contents, and at midnight.

    Who may read an organisation's area sees its bookings wherever the base lies. A lecturer goes
    to places that the reader may know nothing of.
    """
    today = midnight(business_date(now))
    window = Window(
        since=today - timedelta(days=terms.back_days),
        until=today + timedelta(days=terms.ahead_days + 1),
        off_since=today - timedelta(days=terms.off_days),
        around=today,
        most=terms.most_items,
    )
    found = await table.items(connection, whose, window)
    if whose.scope is FeedScope.LECTURER:
        found = [item.seen_by(tuple(areas)) for item in found]
    return Calendar(whose, found[: terms.most_items], len(found) > terms.most_items, terms)
