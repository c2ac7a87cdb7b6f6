"""Terms of office: elections, how long they hold, and who sits in a committee. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.kinds.organisations import Body, SeatKind
from contracts.membership.terms import ElectionHeld, SeatFilled, SeatVacated
from services.chassis.errors import Conflict, Invalid
from services.chassis.periods import after_months
from services.chassis.rules import EVER, Book, Rule, Stated
from services.chassis.state import State
from services.membership.domain.sizes import BRANCH_RULES, BranchCommittee, SizedAs, Traits


class TermOfOffice(Rule):
    code: ClassVar[str] = "term.length"
    label: ClassVar[str] = "任期年限"

    community_years: int = Field(ge=1, le=10, title="村、社区党组织任期（年）")
    other_years: int = Field(ge=1, le=10, title="其他党组织任期（年）")


class ElectionReminder(Rule):
    code: ClassVar[str] = "term.reminder"
    label: ClassVar[str] = "换届提醒"

    days: int = Field(ge=1, le=730, title="任期届满前多少天提醒（天）")


FIRST = (
    Stated(
        TermOfOffice(community_years=5, other_years=3),
        "2018",
        EVER,
        Severity.WARN,
        f"{BRANCH_RULES}第六章，旗帜网 2021",
    ),
    Stated(ElectionReminder(days=180), "1", EVER, Severity.WARN, "工作惯例：届满前六个月提醒"),
)
RULES: tuple[type[Rule], ...] = (TermOfOffice, ElectionReminder)


class Term(State):
    term_id: UUID
    organisation_id: UUID
    area: str = Field(title="区划")
    body: Body = Field(title="班子")
    elected: int = Field(title="选出成员数")
    held_on: date = Field(title="选举日期")
    expires_on: date = Field(title="届满日期")


class Seat(State):
    seat_id: UUID
    organisation_id: UUID
    area: str = Field(title="区划")
    kind: str = Field(title="职务")
    member_id: UUID = Field(title="党员编号")
    since: date = Field(title="任职日期")

    def facts(self) -> dict[str, Any]:
        """What every event about the seat repeats."""
        kept = self.model_dump(include={"area", "seat_id", "organisation_id"})
        return kept | {"seat_kind": self.kind, "subject_id": self.member_id}


class NotElected(Invalid):
    code = "not-elected"
    title, title_zh = "This kind of organisation has no term of office", "这类党组织不设任期"


class ElectionOutOfOrder(Conflict):
    code = "election-out-of-order"
    title, title_zh = (
        "Elections are entered in the order in which they were held",
        "换届选举须按先后顺序登记",
    )


class TermTooShort(Invalid):
    code = "term-too-short"
    title, title_zh = "A term ends after it began", "任期须晚于选举日届满"


class CommitteeFull(Conflict):
    code = "committee-full"
    title, title_zh = "The committee has no more seats", "支部委员会委员已满"


class SeatHeld(Conflict):
    code = "seat-held"
    title, title_zh = "The seat is held", "该职务已有人担任"


class NoMember(Invalid):
    code = "not-a-member"
    title, title_zh = "That is no member", "不是党员"


class SeatEndsBeforeStart(Invalid):
    code = "seat-ends-before-start"
    title, title_zh = "Nobody leaves a seat before taking it", "离任日期不能早于任职日期"


def expiry(held_on: date, traits: Traits, book: Book) -> date:
    """When a term ends of which nothing else is stated."""
    rule = book[TermOfOffice]
    years = rule.community_years if traits.community else rule.other_years
    return after_months(held_on, 12 * years)


def hold_election(
    term: Term, organisation_kind: str, traits: Traits, last_held: date | None
) -> ElectionHeld:
    """Raises `NotElected`, `ElectionOutOfOrder` or `TermTooShort`."""
    if term.body is Body.PARTY and not traits.elected:
        raise NotElected(
            f"Organisations of kind {organisation_kind} elect no committee.",
            zh="这类党组织不设有任期的班子。",
            field="body",
        )
    if last_held is not None and term.held_on <= last_held:
        raise ElectionOutOfOrder(
            f"The last one was held on {last_held}.",
            zh=f"上次选举在 {last_held}，请填写之后的日期。",
            field="held_on",
        )
    if term.expires_on <= term.held_on:
        raise TermTooShort(
            "`expires_on` is not after `held_on`.",
            zh="届满日期须晚于选举日期。",
            field="expires_on",
        )
    return ElectionHeld(**dict(term), organisation_kind=organisation_kind)


def fill_seat(seat: Seat, traits: Traits, seats: Sequence[Seat], book: Book) -> SeatFilled:
    """`seats` are those held now. Raises `SeatHeld` or `CommitteeFull`."""
    for held in seats:
        alone = seat.kind == held.kind == SeatKind.SECRETARY
        if alone or (held.kind, held.member_id) == (seat.kind, seat.member_id):
            raise SeatHeld(
                f"The seat of {held.kind} is held since {held.since}.",
                zh=f"该职务自 {held.since} 起已有人担任，请先登记离任。",
                field="kind",
                seat_id=str(held.seat_id),
            )
    most = book[BranchCommittee].most
    seated = {held.member_id for held in seats} | {seat.member_id}
    if traits.size is SizedAs.BRANCH and len(seated) > most:
        raise CommitteeFull(
            f"The committee of a branch has {most} members at most.",
            zh=f"支部委员会委员最多 {most} 名。",
            most=most,
            rule=BranchCommittee.code,
        )
    return SeatFilled(**seat.facts(), since=seat.since)


def vacate_seat(seat: Seat, until: date) -> SeatVacated:
    """Raises `SeatEndsBeforeStart`."""
    if until < seat.since:
        raise SeatEndsBeforeStart(
            f"The seat was taken on {seat.since}.",
            zh=f"任职日期为 {seat.since}。",
            field="until",
        )
    return SeatVacated(**seat.facts(), until=until)
