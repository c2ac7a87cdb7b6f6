"""What requests and answers about members have in common."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from contracts.access import Action
from contracts.kinds.members import Health
from services.chassis.auth import Principal
from services.chassis.http import Timed, command_router, query_router
from services.chassis.http.held import held, seen
from services.chassis.spelling import plain
from services.membership.domain.members.states import Member
from services.membership.tables.members import MemberRow

commands = command_router(tags=["党员"])
queries = query_router(tags=["党员"])

MANAGE = Action.MANAGE_MEMBERS
Held = Annotated[MemberRow, held(MemberRow, "党员", MANAGE)]
Seen = Annotated[MemberRow, seen(MemberRow, "党员")]
Personal = Annotated[MemberRow, seen(MemberRow, "党员", Action.READ_PERSONAL)]

_VISIBLE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
PersonName = Annotated[
    str,
    AfterValidator(str.strip),
    Field(min_length=1, max_length=60, pattern=_VISIBLE, title="姓名"),
]
Phone = Annotated[
    str, AfterValidator(plain), Field(max_length=30, pattern=r"^\+?[0-9()-]{5,20}$", title="电话")
]
IdentityNumber = Annotated[
    str, AfterValidator(plain), Field(min_length=18, max_length=30, title="公民身份号码")
]
"""Eighteen places, however spaced; the rules look at the check digit."""


class MemberView(Member):
    """`personal` is masked, and only where a list or a member is read: answers of commands are
    kept for repetition, and hold no personal data. Health and hardship need `members.manage`.
    """

    health: Health | None = Field(default=None, title="身体状况")  # type: ignore[assignment]  # hidden
    hardship: bool | None = Field(default=None, title="是否困难党员")  # type: ignore[assignment]
    personal: dict[str, str] | None = Field(default=None, title="个人信息（已遮挡）")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


def may_manage(caller: Principal, area: str) -> bool:
    return any(area.startswith(granted) for granted in caller.areas(MANAGE))


def view(row: MemberRow, caller: Principal, personal: dict[str, str] | None = None) -> MemberView:
    """The member as `caller` may see it; of a command without the person."""
    hidden = set() if may_manage(caller, row.area) else {"health", "hardship"}
    return MemberView(**row.model_dump(exclude=hidden), personal=personal)


SEALED = ("name", "phone", "identity_number", "birth_date")


def sealed(request: Timed) -> dict[str, str]:
    """What a request says of the person, as text."""
    given = request.model_dump(include={*SEALED}, exclude_none=True)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
    }
