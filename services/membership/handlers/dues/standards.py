"""What somebody pays from a month on."""

from uuid import UUID

from contracts.kinds.members import MemberState
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Conflict
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import SetStandard
from services.membership.domain.dues.months import check_month, month_of
from services.membership.domain.dues.rates import RATES, monthly_due
from services.membership.handlers.dues.charging import Place, Span, charge
from services.membership.tables import dues as tables
from services.membership.tables import members, organisations
from services.membership.tables.dues import StandardRow
from services.membership.tables.members import MemberRow


class NotAMember(Conflict):
    code = "pays-no-dues"
    title, title_zh = "Only members pay dues", "只有党员交纳党费"


async def set_standard(command: SetStandard, uow: UnitOfWork) -> StandardRow:
    """The income is used here and forgotten. Months charged otherwise get the difference.

    Raises `NotAMember`, `BadMonth`, `BeforeMembership`, what `monthly_due` refuses.
    """
    first = check_month(command.from_month, "from_month")
    member = await payer(uow, command.member_id)
    decisions.check_start(first, member.joined_on)
    book = await rulebook.at(uow.session, first, *RATES)
    due = monthly_due(command.payer, book, income=command.income, amount=command.amount)
    today = month_of(business_date(uow.now))
    account = await tables.account(uow.session, command.member_id, opened=today)
    row = StandardRow(
        standard_id=new_id(),
        member_id=command.member_id,
        from_month=first,
        payer=command.payer.value,
        bracket=due.bracket,
        monthly=due.monthly,
        rhythm=command.rhythm.value,
        rule=due.rule.code,
        rule_version=book.statement(due.rule).version,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    account.charged_through = max(today, account.charged_through)
    account.checked_through, account.stopped = first, False
    await uow.session.flush()
    place = await place_of(uow, member)
    span = Span(first, account.charged_through)
    await charge(uow, {member.member_id: place}, {member.member_id: span}, row.standard_id)
    return row


async def payer(uow: UnitOfWork, member_id: UUID) -> MemberRow:
    """Raises `NotFound`, `NotAMember`."""
    member = await members.member(uow.session, member_id)
    if not member.counted:
        raise NotAMember(
            f"The member is {member.state}.",
            zh=f"该人员为“{MemberState(member.state).label}”，不交纳党费。",
            field="member_id",
            state=member.state,
        )
    return member


async def place_of(uow: UnitOfWork, member: MemberRow) -> Place:
    branch = await organisations.organisation(uow.session, member.organisation_id)
    return Place(branch.organisation_id, branch.area)
