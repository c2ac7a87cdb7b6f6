"""Posts and claims: what a community offers, and who takes it."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.working import ClaimEnd, ClaimState, RegistrantState
from contracts.membership.working import (
    PostClaimEnded,
    ServicePostChanged,
    ServicePostClosed,
    ServicePostOpened,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State
from services.membership.domain.working.registrants import Registrant
from services.membership.domain.working.standards import ClaimBounds


class Post(State):
    post_id: UUID
    code: str = Field(title="岗位编号")
    title: str = Field(title="岗位名称")
    kind: str = Field(title="服务类别")
    community: str = Field(title="社区")
    area: str = Field(title="区划")
    skills: list[str] = Field(title="所需专长")
    """Wanted; any one of them will do."""
    places: int = Field(title="名额")
    taken: int = Field(title="已认领")
    starts_on: date = Field(title="开始日期")
    ends_on: date | None = Field(title="截止日期")
    """The last day; none for a standing post."""
    closed_on: date | None = Field(title="撤销日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={"area", "post_id", "places"}) | {"post_kind": self.kind}


class Claim(State):
    claim_id: UUID
    code: str = Field(title="认领编号")
    post_id: UUID = Field(title="岗位")
    registrant_id: UUID = Field(title="报到党员")
    employer_id: UUID = Field(title="来源单位")
    kind: str = Field(title="服务类别")
    area: str = Field(title="区划")
    state: ClaimState = Field(title="状态")
    how: ClaimEnd | None = Field(title="结束方式")
    claimed_on: date = Field(title="认领日期")
    ended_on: date | None = Field(title="结束日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "claim_id", "post_id", "registrant_id", "employer_id"}
        return self.model_dump(include=repeated) | {"post_kind": self.kind}


# Refusals


class PeriodImpossible(Invalid):
    code = "period-impossible"
    title, title_zh = "The post ends before it starts", "岗位截止日期早于开始日期"


class PostClosed(Conflict):
    code = "post-closed"
    title, title_zh = "The post is closed", "该岗位已撤销"


class PostOver(Conflict):
    code = "post-over"
    title, title_zh = "The post's period is over", "该岗位已过截止日期"


class PostFull(Conflict):
    code = "post-full"
    title, title_zh = "All places of the post are taken", "该岗位名额已满"


class PostElsewhere(Conflict):
    code = "post-elsewhere"
    title, title_zh = "The post belongs to another community", "该岗位属于其他社区"


class RegistrantGone(Conflict):
    code = "registrant-gone"
    title, title_zh = "The registrant has left the community", "该同志已离开社区"


class TooManyClaims(Conflict):
    code = "too-many-claims"
    title, title_zh = "The registrant holds as many posts as allowed", "认领岗位数已达上限"


class TooManyOfKind(Conflict):
    code = "too-many-of-kind"
    title, title_zh = "As many posts of this kind as allowed", "同类岗位认领数已达上限"


class AlreadyClaimed(Conflict):
    code = "already-claimed"
    title, title_zh = "The registrant holds this post", "该同志已认领此岗位"


class PlacesTaken(Conflict):
    code = "places-taken"
    title, title_zh = "More places are taken than that", "已认领人数多于此名额"


class ClaimOver(Conflict):
    code = "claim-over"
    title, title_zh = "The claim has ended", "该认领已结束"


LIFE = Lifecycle("claim", "认领", ClaimState, ClaimOver)
CLAIM = LIFE.begin("claim", "认领", ClaimState.HELD)
END = LIFE.step("end", "结束", {ClaimState.HELD}, ClaimState.ENDED)

# Decisions on posts


def open_post(post: Post) -> ServicePostOpened:
    """Raises `PeriodImpossible`."""
    _check_period(post)
    return ServicePostOpened(**post.facts(), starts_on=post.starts_on, ends_on=post.ends_on)


def change_post(was: Post, now: Post) -> ServicePostChanged | None:
    """`None` when nothing changes. Raises `PostClosed` or `PlacesTaken`."""
    _check_open(was)
    _check_period(now)
    if now.places < was.taken:
        raise PlacesTaken(
            f"{was.taken} places are taken.",
            zh=f"已有 {was.taken} 人认领，名额不能少于此数。",
            field="places",
            least=was.taken,
        )
    if was == now:
        return None
    return ServicePostChanged(
        **now.facts(),
        starts_on=now.starts_on,
        ends_on=now.ends_on,
        was_area=was.area,
        was_post_kind=was.kind,
        was_places=was.places,
    )


def close_post(post: Post) -> ServicePostClosed:
    _check_open(post)
    return ServicePostClosed(**post.facts())


# Decisions on claims


def claim(
    claim_id: UUID,
    code: str,
    post: Post,
    registrant: Registrant,
    rule: ClaimBounds,
    day: date,
    *,
    of_kind: int,
    holds: bool,
) -> Claim:
    """`of_kind` posts of the same kind are held already; `holds`: this very one is.

    Counters that others move are looked at once more, by the statement that moves them.
    """
    _check_fits(post, registrant, day)
    if holds:
        raise AlreadyClaimed("One place for each.", zh="该同志已认领此岗位，不必重复认领。")
    check_count(rule, registrant.area, registrant.claims)
    most = rule.most_of_kind.get(post.kind)
    if most is not None and of_kind >= most:
        raise TooManyOfKind(
            f"At most {most} of kind {post.kind}.", zh=f"此类岗位至多认领 {most} 个。", most=most
        )
    if post.taken >= post.places:
        raise full(post)
    return Claim(
        claim_id=claim_id,
        code=code,
        **post.model_dump(include={"post_id", "kind", "area"}),
        **registrant.model_dump(include={"registrant_id", "employer_id"}),
        state=CLAIM.to,
        how=None,
        claimed_on=day,
        ended_on=None,
    )


def _check_fits(post: Post, registrant: Registrant, day: date) -> None:
    _check_open(post)
    if registrant.state is not RegistrantState.ACTIVE:
        raise RegistrantGone("The registrant has left.", zh="该同志已离开社区，不能认领岗位。")
    if registrant.community != post.community:
        raise PostElsewhere(
            f"The post is in {post.community}.",
            zh="只能认领所报到社区的岗位。",
            community=post.community,
        )
    if post.ends_on is not None and day > post.ends_on:
        raise PostOver(f"It ended on {post.ends_on}.", zh=f"该岗位已于 {post.ends_on} 截止。")


def check_count(rule: ClaimBounds, area: str, held: int) -> None:
    """Raises `TooManyClaims` for one more than the bounds of `area` allow."""
    most = rule.of(area).most
    if held >= most:
        raise too_many(most)


def too_many(most: int) -> TooManyClaims:
    return TooManyClaims(
        f"At most {most} posts at a time.", zh=f"每人至多认领 {most} 个岗位。", most=most
    )


def full(post: Post) -> PostFull:
    return PostFull(
        f"All {post.places} places are taken.",
        zh=f"该岗位 {post.places} 个名额已满。",
        places=post.places,
    )


def end_claim(claim: Claim, how: ClaimEnd) -> PostClaimEnded:
    """Raises `ClaimOver`."""
    END(claim.state)
    return PostClaimEnded(**claim.facts(), how=how)


def _check_open(post: Post) -> None:
    if post.closed_on is not None:
        raise PostClosed(f"Closed on {post.closed_on}.", zh=f"该岗位已于 {post.closed_on} 撤销。")


def _check_period(post: Post) -> None:
    if post.ends_on is not None and post.ends_on < post.starts_on:
        raise PeriodImpossible(
            "`ends_on` is before `starts_on`.", zh="截止日期不能早于开始日期。", field="ends_on"
        )
