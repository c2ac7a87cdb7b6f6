"""The rules of working members: bounds on both sides, hours, letters, what figures take back."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.kinds.books import Bound
from contracts.kinds.working import (
    FeedbackReason,
    RegistrantState,
    ServiceTime,
)
from services.membership.domain.working import feedback, posts, records, registrants
from services.membership.domain.working.feedback import Account
from services.membership.domain.working.posts import Post
from services.membership.domain.working.records import Service
from services.membership.domain.working.registrants import Registrant
from services.membership.domain.working.standards import (
    Bounds,
    ClaimBounds,
    FeedbackYearly,
    WorkingHours,
)

COMMUNITY, GRID, NEXT = "410305001001", "410305001001001", "410305001002"
ONE, TWO = UUID(int=1), UUID(int=2)
JUNE = date(2019, 6, 8)
RULE = ClaimBounds(least=1, most=3, grace_days=30)
WHO = Registrant(
    registrant_id=ONE,
    code="BD-1",
    community=COMMUNITY,
    area=COMMUNITY,
    employer_id=UUID(int=9),
    occupation="teacher",
    skills=["teaching", "arts"],
    state=RegistrantState.ACTIVE,
    registered_on=date(2019, 3, 1),
    left_on=None,
    claims=0,
)
POST = Post(
    post_id=TWO,
    code="GW-1",
    title="陪护岗",
    kind="elderly-care",
    community=COMMUNITY,
    area=COMMUNITY,
    skills=[],
    places=2,
    taken=0,
    starts_on=date(2019, 1, 1),
    ends_on=date(2019, 6, 8),
    closed_on=None,
)
YEARLY = FeedbackYearly(times=1, due_month=12, due_day=31, remind_days=30)


def who(**changes) -> Registrant:
    return WHO.model_copy(update=changes)


def post(**changes) -> Post:
    return POST.model_copy(update=changes)


def claim(who: Registrant = WHO, post: Post = POST, rule: ClaimBounds = RULE, **given):
    asked = {"of_kind": 0, "holds": False, "day": JUNE} | given
    return posts.claim(ONE, "RL-1", post, who, rule, asked.pop("day"), **asked)


# Standards


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("410305", (1, 3)),
        ("410305001", (0, 5)),
        ("410305001002", (0, 5)),
        (COMMUNITY, (2, 2)),
        (GRID, (2, 2)),
    ],
)
def test_the_bounds_of_the_nearest_area_hold(area, expected):
    rule = RULE.model_copy(
        update={
            "by_area": {
                "410305001": Bounds(least=0, most=5),
                COMMUNITY: Bounds(least=2, most=2),
            }
        }
    )
    found = rule.of(area)
    assert (found.least, found.most) == expected


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2019, 7, 1), False), (date(2019, 7, 2), True)]
)
def test_grace_ends_with_its_last_day(today, overdue):
    assert RULE.overdue(date(2019, 6, 1), today) is overdue


def test_feedback_is_due_at_the_end_of_the_year_and_reminded_of_before():
    assert YEARLY.due_on(2019) == date(2019, 12, 31)
    assert YEARLY.reminds_from(2019) == date(2019, 12, 1)
    short = FeedbackYearly(times=1, due_month=2, due_day=31, remind_days=0)
    assert (short.due_on(2020), short.due_on(2019)) == (date(2020, 2, 29), date(2019, 2, 28))


# Registrants


def test_a_change_says_what_was_and_nothing_when_nothing_changes():
    assert registrants.change(WHO, WHO) is None
    moved = registrants.change(WHO, who(area=GRID))
    assert moved is not None
    assert (moved.area, moved.was_area, moved.was_main_skill_kind) == (GRID, COMMUNITY, "teaching")
    assert registrants.change(WHO, WHO, personal=True) is not None


def test_a_second_skill_changes_without_moving_a_figure():
    changed = registrants.change(WHO, who(skills=["teaching", "law"]))
    assert changed is not None
    assert changed.main_skill_kind == changed.was_main_skill_kind


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2019, 2, 28), False),
        (date(2019, 3, 1), True),
        (date(2019, 6, 8), True),
        (date(2019, 6, 9), False),
    ],
)
def test_the_days_of_coming_and_leaving_are_both_there(day, there):
    assert who(left_on=JUNE).there_on(day) is there


# Claims


@pytest.mark.parametrize("held", [0, 1, 2])
def test_up_to_the_maximum_posts_are_claimed(held):
    assert claim(who(claims=held)).kind == "elderly-care"


def test_one_more_than_the_maximum_is_refused():
    with pytest.raises(posts.TooManyClaims) as refused:
        claim(who(claims=3))
    assert refused.value.facts["most"] == 3


def test_the_last_place_is_claimed_and_the_next_is_not():
    assert claim(post=post(taken=1))
    with pytest.raises(posts.PostFull):
        claim(post=post(taken=2))


def test_a_post_is_claimed_on_its_last_day_and_not_after():
    assert claim(day=date(2019, 6, 8))
    with pytest.raises(posts.PostOver):
        claim(day=date(2019, 6, 9))


def test_a_kind_with_a_maximum_of_its_own():
    rule = RULE.model_copy(update={"most_of_kind": {"elderly-care": 2}})
    assert claim(rule=rule, of_kind=1)
    with pytest.raises(posts.TooManyOfKind):
        claim(rule=rule, of_kind=2)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"holds": True}, posts.AlreadyClaimed),
        ({"post": post(closed_on=JUNE)}, posts.PostClosed),
        ({"who": who(state=RegistrantState.LEFT)}, posts.RegistrantGone),
        ({"who": who(community=NEXT, area=NEXT)}, posts.PostElsewhere),
    ],
)
def test_claims_that_make_no_sense(given, refusal):
    with pytest.raises(refusal):
        claim(**given)


# Service


@pytest.mark.parametrize(
    ("hour", "minute", "works", "expected"),
    [
        (7, 59, True, ServiceTime.OFF_HOURS),
        (8, 0, True, ServiceTime.WORKING_HOURS),
        (17, 59, True, ServiceTime.WORKING_HOURS),
        (18, 0, True, ServiceTime.OFF_HOURS),
        (10, 0, False, ServiceTime.OFF_HOURS),
        (10, 0, None, ServiceTime.UNSTATED),
    ],
)
def test_eight_hours_at_work_and_the_rest_for_society(hour, minute, works, expected):
    at = datetime(2019, 6, 10, (hour - 8) % 24, minute, tzinfo=UTC)
    if hour < 8:
        at = at.replace(day=9)
    rule = WorkingHours(begins_hour=8, ends_hour=18)
    assert records.time_of(at, rule, works=works) is expected


def test_a_day_off_is_off_hours_though_nobody_wrote_the_time():
    rule = WorkingHours(begins_hour=8, ends_hour=18)
    assert records.time_of(None, rule, works=False) is ServiceTime.OFF_HOURS
    assert records.time_of(None, rule, works=True) is ServiceTime.UNSTATED


def service(**given) -> Service:
    fields = {
        "record_id": ONE,
        "code": "FW-1",
        "community": COMMUNITY,
        "area": COMMUNITY,
        "post_id": None,
        "kind": "elderly-care",
        "held_on": JUNE,
        "starts_at": None,
        "minutes": 90,
        "attended": 1,
        "sessions": 1,
        "beneficiaries": 0,
        "bound": Bound.EXACT,
    }
    return records.occasion(fields | given, ServiceTime.UNSTATED)


def record(made: Service, *named: Registrant):
    parts = [records.credit(UUID(int=n), made, each) for n, each in enumerate(named)]
    return records.record(made, None, named), parts


def test_person_times_and_minutes_of_all_together():
    occasion, parts = record(service(attended=5), WHO)
    assert (occasion.attended, occasion.service_minutes, len(parts)) == (5, 450, 1)
    assert parts[0].minutes == 90


@pytest.mark.parametrize(
    ("command", "who", "refusal"),
    [
        (service(attended=0, sessions=0), (), records.NobodyCounted),
        (service(attended=0), (WHO,), records.FewerThanNamed),
        (service(bound=Bound.AT_LEAST), (WHO,), records.OnlyCounts),
        (service(attended=2), (WHO, WHO), records.NamedTwice),
        (service(held_on=date(2019, 2, 28)), (WHO,), records.NotRegisteredThen),
        (service(community=NEXT, area=NEXT), (WHO,), records.ServiceElsewhere),
    ],
)
def test_records_that_make_no_sense(command, who, refusal):
    with pytest.raises(refusal):
        record(command, *who)


def test_voiding_repeats_the_record_and_is_done_once():
    occasion, _ = record(service(), WHO)
    assert dict(records.void(service(), voided=False)) == dict(occasion)
    with pytest.raises(records.RecordVoid):
        records.void(service(), voided=True)


# Feedback

ACCOUNT = Account(
    registrant_id=ONE, kinds=["elderly-care"], posts=1, attended=2, minutes=150, points=3
)


def issue(known: int, reason: FeedbackReason | None = None, rule: FeedbackYearly = YEARLY):
    return feedback.issue(
        *(ONE, TWO, COMMUNITY, 2019, [ACCOUNT], rule, reason, date(2019, 12, 20)),
        known=known,
        edition=known + 1,
    )


def test_the_first_letter_of_a_year_needs_no_reason_and_the_second_does():
    first, second = issue(0, FeedbackReason.ASKED), issue(1, FeedbackReason.ASKED)
    assert first is not None
    assert (first.reason, first.edition, first.service_minutes) == (None, 1, 150)
    assert issue(1) is None
    assert second is not None
    assert (second.reason, second.edition) == (FeedbackReason.ASKED, 2)


def test_where_two_letters_a_year_are_owed_the_third_needs_a_reason():
    twice = YEARLY.model_copy(update={"times": 2})
    assert issue(1, rule=twice) is not None
    assert issue(2, rule=twice) is None


def test_what_is_kept_of_a_letter_comes_back_as_it_was():
    assert Account.model_validate(ACCOUNT.model_dump(mode="json")) == ACCOUNT


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0分钟"), (59, "59分钟"), (60, "1小时"), (150, "2小时30分钟")]
)
def test_minutes_in_words(minutes, words):
    assert feedback.in_hours(minutes) == words


def test_a_letter_says_what_was_done_and_hides_who_was_erased():
    event = issue(0)
    assert event is not None
    written = feedback.letter(
        event,
        [ACCOUNT],
        employer="测试大学",
        sender="唐村社区",
        names={},
        labels={"elderly-care": "助老帮扶"},
    )
    assert written.addressee == "测试大学党组织："
    assert written.lines == (
        "1．（信息已删除）：认领岗位1个（助老帮扶）；参加服务2次，服务2小时30分钟；现有积分3分。",
    )
    assert written.dated == "2019年12月20日"
