"""What somebody pays from a month on."""

from typing import Any

from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import NotAMember
from services.membership.domain.dues.months import check_month, month_of
from services.membership.domain.dues.rates import RATES, monthly_due
from services.membership.domain.dues.states import Standard
from services.membership.handlers.dues.charging import Span, charge, place_of
from services.membership.tables.dues import store
from services.membership.tables.dues.rows import StandardRow
from services.membership.tables.members import MemberRow


async def set_standard(member: MemberRow, fields: dict[str, Any], uow: UnitOfWork) -> StandardRow:
    """The income (分, after tax) is used and forgotten. Months charged get the difference.

    Raises `NotAMember`, `BadMonth`, `BeforeMembership`, what `monthly_due` refuses.
    """
    key, first = member.member_id, check_month(fields["from_month"], "from_month")
    check_payer(member)
    decisions.check_start(first, member.joined_on)
    book = await rulebook.at(uow.session, first, *RATES)
    due = monthly_due(fields["payer"], book, income=fields["income"], amount=fields["amount"])
    today = month_of(business_date(uow.now))
    account = await store.account(uow.session, key, opened=today)
    standard = Standard(
        standard_id=new_id(),
        member_id=key,
        from_month=first,
        payer=fields["payer"],
        bracket=due.bracket,
        monthly=due.monthly,
        rhythm=fields["rhythm"],
        rule=due.rule.code,
        rule_version=book.statement(due.rule).version,
    )
    row = StandardRow.of(standard, recorded_at=uow.now)
    uow.session.add(row)
    through = max(today, account.charged_through)
    account.change(charged_through=through, checked_through=first, stopped=False)
    await uow.session.flush()
    span = Span(key, await place_of(uow, member), first, through)
    await charge(uow, [span], row.standard_id)
    return row


def check_payer(member: MemberRow) -> None:
    """Raises `NotAMember`."""
    if not member.counted:
        raise NotAMember(
            f"The member is {member.state}.",
            zh=f"该人员为“{member.state.label}”，不交纳党费。",
            field="member_id",
            state=member.state,
        )
