"""Posts and claims."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.working import ClaimEnd
from contracts.membership.working import PostClaimed
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.http import versions
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.working import posts as domain
from services.membership.domain.working.posts import Post
from services.membership.domain.working.registrants import check_place, check_skills
from services.membership.domain.working.standards import ClaimBounds
from services.membership.handlers import alerts
from services.membership.handlers.working import checks
from services.membership.tables.working import posts as tables
from services.membership.tables.working import registrants as registrant_tables
from services.membership.tables.working.rows import ClaimRow, PostRow, RegistrantRow

OFFERED = 10
"""Free posts that a refusal names."""


async def open_post(post: Post, uow: UnitOfWork, at: datetime) -> PostRow:
    """Raises `CodeTaken`, `UnknownKind`, `AreaUnknown`, a rule's refusal."""
    await _check(post, None, uow, at)
    await checks.code_free(uow.session, PostRow, post.code)
    event = domain.open_post(post)
    row = PostRow(
        **_columns(post),
        post_id=post.post_id,
        code=post.code,
        community=post.place.community,
        version=1,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change_post(
    row: PostRow, changes: Mapping[str, Any], expected: int, uow: UnitOfWork, at: datetime
) -> PostRow:
    """`row` is locked; `changes` are fields of the post."""
    versions.check(expected, row.version)
    was = row.post()
    now = Post(**vars(was) | dict(changes))
    await _check(now, was, uow, at)
    event = domain.change_post(was, now)
    if event is not None:
        row.sqlmodel_update(_columns(now) | {"version": row.version + 1})
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def close_post(post_id: UUID, uow: UnitOfWork, at: datetime) -> PostRow:
    """Whoever holds it is free again."""
    await tables.take_turns(uow.session, post_id)
    holders = [claim.registrant_id for claim in await tables.held(uow.session, post_id=post_id)]
    await registrant_tables.registrants_by_id(uow.session, holders, lock=True)
    row = await tables.post(uow.session, post_id, lock=True)
    event = domain.close_post(row.post())
    for claim in await tables.held(uow.session, post_id=post_id):
        await give_up(claim, ClaimEnd.POST_CLOSED, uow, at)
    row.closed_on, row.version = business_date(at), row.version + 1
    await uow.session.flush()
    await uow.session.refresh(row)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


# Claims


async def claim(
    claim_id: UUID, code: str, post_id: UUID, registrant_id: UUID, uow: UnitOfWork, at: datetime
) -> ClaimRow:
    """Every refusal names posts that are free: `free_posts`."""
    await tables.take_turns(uow.session, post_id)
    registrant = await registrant_tables.registrant(uow.session, registrant_id, lock=True)
    post = await tables.post(uow.session, post_id)
    await checks.code_free(uow.session, ClaimRow, code)
    try:
        return await _claimed(claim_id, code, post, registrant, uow, at)
    except Conflict as refusal:
        await _offer(refusal, registrant, uow, business_date(at))
        raise


async def end_claim(claim_id: UUID, how: ClaimEnd, uow: UnitOfWork, at: datetime) -> ClaimRow:
    """Withdrawn by the registrant or released by the community: the place is free again."""
    registrant_id = (await tables.claim(uow.session, claim_id)).registrant_id
    await registrant_tables.registrant(uow.session, registrant_id, lock=True)
    row = await tables.claim(uow.session, claim_id, lock=True)
    await give_up(row, how, uow, at)
    return row


async def give_up(row: ClaimRow, how: ClaimEnd, uow: UnitOfWork, at: datetime) -> None:
    """End a claim whose registrant is locked."""
    event = domain.end_claim(row.claim(), how)
    row.sqlmodel_update(
        {
            "state": domain.END.to,
            "how": how.value,
            "ended_on": business_date(at),
            "version": row.version + 1,
        }
    )
    await uow.session.flush()
    await tables.give_back(uow.session, row.post_id, row.registrant_id)
    uow.announce(event, version=row.version, occurred_at=at)


async def _claimed(
    claim_id: UUID,
    code: str,
    post_row: PostRow,
    registrant_row: RegistrantRow,
    uow: UnitOfWork,
    at: datetime,
) -> ClaimRow:
    day = business_date(at)
    post, registrant = post_row.post(), registrant_row.registrant()
    rule = (await rulebook.at(uow.session, day, ClaimBounds))[ClaimBounds]
    held = await tables.held(uow.session, registrant_id=registrant.registrant_id)
    event = domain.claim(
        claim_id,
        post,
        registrant,
        rule,
        day,
        of_kind=sum(each.kind == post.kind for each in held),
        holds=any(each.post_id == post.post_id for each in held),
    )
    bounds = rule.of(registrant.place.area)
    claims = await tables.count_claim(uow.session, registrant.registrant_id, bounds.most)
    if claims is None:
        raise domain.too_many(bounds.most)
    if not await tables.take_place(uow.session, post.post_id):
        raise domain.full(post)
    row = _row(event, code, day, uow)
    uow.session.add(row)
    await uow.session.flush()
    uow.announce(event, version=1, occurred_at=at)
    if claims >= bounds.least:
        await alerts.clear(uow, AlertKind.CLAIMS_SHORT, registrant.registrant_id, at=at)
    return row


def _row(event: PostClaimed, code: str, day: date, uow: UnitOfWork) -> ClaimRow:
    return ClaimRow(
        **event.model_dump(exclude={"post_kind"}),
        kind=event.post_kind,
        code=code,
        claimed_on=day,
        version=1,
        recorded_at=uow.now,
    )


async def _offer(refusal: Conflict, registrant: RegistrantRow, uow: UnitOfWork, day: date) -> None:
    """Say in the refusal what could be claimed instead."""
    free = await tables.free_posts(
        uow.session, registrant.community, registrant.registrant_id, day, OFFERED
    )
    refusal.facts["free_posts"] = [
        {
            "post_id": str(each.post_id),
            "code": each.code,
            "title": each.title,
            "kind": each.kind,
            "free": each.free,
        }
        for each in free
    ]
    named = "、".join(f"{each.title}（余 {each.free}）" for each in free)
    refusal.zh = f"{refusal.zh}" + (
        f"尚有名额的岗位：{named}。" if free else "本社区暂无空余岗位。"
    )


async def _check(post: Post, was: Post | None, uow: UnitOfWork, at: datetime) -> None:
    """What is said refers to what there is; what is not new may have gone out of use since."""
    check_place(post.place)
    check_skills(post.skills)
    await checks.place_known(uow.session, post.place)
    day = business_date(at)
    if was is None or post.kind != was.kind:
        await checks.kinds_known(uow.session, "service_post", [post.kind], day, "kind")
    new = [skill for skill in post.skills if was is None or skill not in was.skills]
    await checks.kinds_known(uow.session, "skill", new, day, "skills")


def _columns(post: Post) -> dict[str, Any]:
    return {
        "title": post.title,
        "kind": post.kind,
        "area": post.place.area,
        "skills": list(post.skills),
        "places": post.places,
        "starts_on": post.starts_on,
        "ends_on": post.ends_on,
    }
