"""Keys of feeds: for calendar clients that cannot send a token.

A key is as good as its maker's right to read at the time of making: it opens what they could read
then, for as long as the terms say, until it is revoked.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from contracts.kinds.feeds import FeedScope
from services.bases.domain.feeds.terms import FeedTerms
from services.chassis.errors import Conflict, Gone, TooMany

SECRET_BYTES = 32
HOUR = timedelta(hours=1)


class TooManyFeeds(Conflict):
    code = "too-many-feeds"
    title, title_zh = "Too many feed addresses", "有效订阅地址过多"


class FeedEnded(Gone):
    code = "feed-ended"
    title, title_zh = "The feed address is no longer valid", "订阅地址已失效"


class FetchedTooOften(TooMany):
    code = "fetched-too-often"
    title, title_zh = "Fetched too often", "读取过于频繁"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose calendar it is."""

    scope: FeedScope
    subject_id: UUID
    area: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Key:
    """`areas` are those that the maker could read when it was made."""

    expires_at: datetime
    revoked_at: datetime | None
    counted_from: datetime
    """Since when its fetches of this hour are counted."""


def fresh_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hashed(secret: str) -> bytes:
    """All that is kept of it. It is random and long: a plain digest cannot be turned round."""
    return sha256(secret.encode()).digest()


def check_room(valid: int, terms: FeedTerms) -> None:
    """Raises `TooManyFeeds` for who has as many valid keys as one may have."""
    if valid >= terms.keys_each:
        raise TooManyFeeds(
            f"You have {valid} valid feed addresses; revoke one first.",
            zh=f"您已有 {valid} 个有效订阅地址，请先撤销不用的。",
            valid=valid,
            most=terms.keys_each,
        )


def refuse(key: Key, now: datetime) -> None:
    """Says why a key did not open: raises `FeedEnded` or `FetchedTooOften`."""
    if key.revoked_at is not None:
        raise FeedEnded("It was revoked.", zh="该订阅地址已被撤销。")
    if key.expires_at <= now:
        raise FeedEnded("It has expired; open a new one.", zh="该订阅地址已到期，请重新开通。")
    wait = max(1, round((key.counted_from + HOUR - now).total_seconds()))
    raise FetchedTooOften(
        f"Come again in {wait} s.", zh=f"读取过于频繁，请 {wait} 秒后再试。", retry_after=wait
    )
