"""Posts and claims."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import ClaimEnd
from contracts.membership.working import PostClaimed
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.rows import by_key, check_code, one
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import posts as domain
from services.membership.domain.working.posts import Claim, Post
from services.membership.domain.working.registrants import check_skills
from services.membership.domain.working.standards import ClaimBounds
from services.membership.handlers import alerts
from services.membership.handlers.working import checks
from services.membership.tables.working import posts as tables
from services.membership.tables.working.rows import ClaimRow, PostRow, RegistrantRow

OFFERED = 10
"""Free posts that a refusal names."""


async def open_post(post: Post, uow: UnitOfWork, at: datetime) -> PostRow:
    """Raises `CodeTaken`, `UnknownKind`, `AreaUnknown`, a rule's refusal."""
    await _check(post, None, uow, at)
    await check_code(uow.session, PostRow, post.code, "编号")
    return uow.begin(PostRow.of(post, recorded_at=uow.now), domain.open_post(post), at)


async def change_post(
    row: PostRow, changes: Mapping[str, Any], uow: UnitOfWork, at: datetime
) -> PostRow:
    was, now = row.as_state(Post), row.as_state(Post, **changes)
    await _check(now, was, uow, at)
    event = domain.change_post(was, now)
    return row if event is None else uow.step(row, event, at, **changes)


async def close_post(post: PostRow, uow: UnitOfWork, at: datetime) -> PostRow:
    """Whoever holds it is free again. The post is locked after its holders."""
    await tables.take_turns(uow.session, post.post_id)
    holders = [
        claim.registrant_id for claim in await tables.held(uow.session, post_id=post.post_id)
    ]
    await by_key(uow.session, RegistrantRow, holders, lock=True)
    await by_key(uow.session, PostRow, [post.post_id], lock=True)
    event = domain.close_post(post)
    for claim in await tables.held(uow.session, post_id=post.post_id):
        await give_up(claim, ClaimEnd.POST_CLOSED, uow, at)
    uow.step(post, event, at, closed_on=business_date(at))
    await uow.session.flush()
    await uow.session.refresh(post)
    return post


# Claims


async def claim(
    post: PostRow, registrant_id: UUID, claim_id: UUID, code: str, uow: UnitOfWork, at: datetime
) -> ClaimRow:
    """Every refusal names posts that are free: `free_posts`."""
    await tables.take_turns(uow.session, post.post_id)
    registrant = await one(
        uow.session, RegistrantRow, registrant_id, "registrant", "报到党员", lock=True
    )
    await uow.session.refresh(post)
    await check_code(uow.session, ClaimRow, code, "编号")
    day = business_date(at)
    rule = (await rulebook.at(uow.session, day, ClaimBounds))[ClaimBounds]
    held = await tables.held(uow.session, registrant_id=registrant_id)
    try:
        taken = domain.claim(
            *(claim_id, code, post, registrant, rule, day),
            of_kind=sum(each.kind == post.kind for each in held),
            holds=any(each.post_id == post.post_id for each in held),
        )
        return await _record(taken, post, rule, registrant, uow, at)
    except Conflict as refusal:
        await _offer(refusal, registrant, uow, day)
        raise


async def end_claim(claim: ClaimRow, how: ClaimEnd, uow: UnitOfWork, at: datetime) -> ClaimRow:
    """Withdrawn by the registrant or released by the community: the place is free again.

    The claim is locked after its registrant.
    """
    await by_key(uow.session, RegistrantRow, [claim.registrant_id], lock=True)
    await by_key(uow.session, ClaimRow, [claim.claim_id], lock=True)
    return await give_up(claim, how, uow, at)


async def give_up(row: ClaimRow, how: ClaimEnd, uow: UnitOfWork, at: datetime) -> ClaimRow:
    """End a claim whose registrant is locked."""
    event = domain.end_claim(row, how)
    uow.step(row, event, at, state=domain.END.to, how=how, ended_on=business_date(at))
    await uow.session.flush()
    await tables.give_back(uow.session, row.post_id, row.registrant_id)
    return row


async def _record(
    claim: Claim,
    post: Post,
    rule: ClaimBounds,
    registrant: RegistrantRow,
    uow: UnitOfWork,
    at: datetime,
) -> ClaimRow:
    """Counted by statements that look once more."""
    bounds = rule.of(registrant.area)
    claims = await tables.count_claim(uow.session, claim.registrant_id, bounds.most)
    if claims is None:
        raise domain.too_many(bounds.most)
    if not await tables.take_place(uow.session, claim.post_id):
        raise domain.full(post)
    event = PostClaimed(**claim.facts())
    row = uow.begin(ClaimRow.of(claim, recorded_at=uow.now), event, at)
    await uow.session.flush()
    if claims >= bounds.least:
        await alerts.clear(uow, AlertKind.CLAIMS_SHORT, claim.registrant_id, at=at)
    return row


async def _offer(refusal: Conflict, registrant: RegistrantRow, uow: UnitOfWork, day: date) -> None:
    """Say in the refusal what could be claimed instead."""
    free = await tables.free_posts(
        uow.session, registrant.community, registrant.registrant_id, day, OFFERED
    )
    refusal.facts["free_posts"] = [each._asdict() | {"post_id": str(each.post_id)} for each in free]
    named = "、".join(f"{each.title}（余 {each.free}）" for each in free)
    refusal.zh = f"{refusal.zh}" + (
        f"尚有名额的岗位：{named}。" if free else "本社区暂无空余岗位。"
    )


async def _check(post: Post, was: Post | None, uow: UnitOfWork, at: datetime) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    check_skills(post.skills)
    session, day = uow.session, business_date(at)
    await checks.place_known(session, post.community, post.area)
    if was is None or post.kind != was.kind:
        await kinds.check(session, "service_post", post.kind, day, "kind")
    await checks.skills_known(session, post.skills, was.skills if was else (), day)
