"""The rules of rosters: which rows are new, which are there already, which contradict what is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.chassis.errors import Refusal
from services.membership.domain.members.refusals import CodeOfAnother, IdentityKnown
from services.membership.domain.members.states import Member


@dataclass(frozen=True)
class Registered:
    """What is known of a member already."""

    member_id: UUID
    code: str
    digest: bytes | None
    organisation_id: UUID
    state: str


class Roll:
    """Everybody who is registered, or was seen further up in the same roster."""

    def __init__(self, known: Iterable[Registered]) -> None:
        self.by_code: dict[str, Registered] = {}
        self.by_digest: dict[bytes, Registered] = {}
        for each in known:
            self._note(each)

    def who_is(self, member: Member, digest: bytes | None) -> UUID | None:
        """The member who is registered exactly so; a new one is taken note of.

        Raises `CodeOfAnother` or `IdentityKnown` where it contradicts what is there.
        """
        there = self.by_code.get(member.code)
        if there is not None:
            same = (digest, member.organisation_id, member.state)
            if same == (there.digest, there.organisation_id, there.state):
                return there.member_id
            raise _differs(member.code)
        if digest is not None and digest in self.by_digest:
            raise _known_as(self.by_digest[digest].code)
        self._note(
            Registered(member.member_id, member.code, digest, member.organisation_id, member.state)
        )
        return None

    def _note(self, new: Registered) -> None:
        self.by_code[new.code] = new
        if new.digest is not None:
            self.by_digest[new.digest] = new


def _differs(code: str) -> Refusal:
    return CodeOfAnother(
        f"Code {code} is a member with another identity number, branch or state.",
        zh=f"党员代码 {code} 已登记，且身份号码、党支部或身份与本行不同；变更请在系统中办理。",
        field="code",
        value=code,
    )


def _known_as(code: str) -> Refusal:
    return IdentityKnown(
        "The identity number is registered under another code.",
        zh=f"该公民身份号码已登记，党员代码为 {code}。",
        field="identity_number",
    )
