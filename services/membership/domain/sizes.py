"""How large an organisation should be, and what it then owes: pure rules over counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.kinds.alerts import AlertKind, Severity
from services.chassis.errors import Conflict, Invalid
from services.chassis.rules import EVER, Book, Rule, Stated

BRANCH_RULES = "《中国共产党支部工作条例（试行）》"


class BranchMinimum(Rule):
    code: ClassVar[str] = "branch.minimum"
    label: ClassVar[str] = "党支部正式党员下限"

    least: int = Field(ge=1, title="正式党员不少于（人）")


class BranchMaximum(Rule):
    code: ClassVar[str] = "branch.maximum"
    label: ClassVar[str] = "党支部党员上限"

    most: int = Field(ge=1, title="党员一般不超过（人）")


class GeneralBranchSize(Rule):
    code: ClassVar[str] = "general-branch.size"
    label: ClassVar[str] = "党总支党员人数"

    least: int = Field(ge=1, title="党员不少于（人）")
    most: int = Field(ge=1, title="党员不超过（人）")


class CommitteeSize(Rule):
    code: ClassVar[str] = "committee.size"
    label: ClassVar[str] = "党委党员人数"

    least: int = Field(ge=1, title="党员不少于（人）")


class BranchCommittee(Rule):
    code: ClassVar[str] = "branch.committee"
    label: ClassVar[str] = "党支部委员会"

    from_full: int = Field(ge=1, title="正式党员达到（人）应设委员会")
    least: int = Field(ge=1, title="委员不少于（人）")
    usual: int = Field(ge=1, title="委员一般不超过（人）")
    most: int = Field(ge=1, title="委员最多（人）")


FIRST = (
    Stated(
        BranchMinimum(least=3), "2018", EVER, Severity.BLOCK, f"{BRANCH_RULES}第二章，旗帜网 2021"
    ),
    Stated(
        BranchMaximum(most=50), "2018", EVER, Severity.WARN, f"{BRANCH_RULES}第二章，旗帜网 2021"
    ),
    Stated(GeneralBranchSize(least=50, most=99), "2021", EVER, Severity.WARN, "旗帜网问答 2021"),
    Stated(CommitteeSize(least=100), "2021", EVER, Severity.WARN, "旗帜网问答 2021"),
    Stated(
        BranchCommittee(from_full=7, least=3, usual=5, most=7),
        "2018",
        EVER,
        Severity.WARN,
        f"{BRANCH_RULES}第六章，旗帜网 2021",
    ),
)
"""The versions that the project seeds."""


class SizedAs(StrEnum):
    """Which of the size rules a kind of organisation falls under."""

    BRANCH = "branch"
    GENERAL_BRANCH = "general-branch"
    COMMITTEE = "committee"


class Traits(BaseModel):
    """What the rules ask of a kind of organisation; a sort has what its parent kind has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    takes_members: bool = Field(default=False, title="党员可编入")
    """A functional branch takes none: whoever works in it belongs to another branch."""
    size: SizedAs | None = Field(default=None, title="适用的人数规定")
    elected: bool = Field(default=False, title="设有任期的班子")
    community: bool = Field(default=False, title="村、社区党组织")

    @classmethod
    def of(cls, traits: Mapping[str, Any]) -> "Traits":
        return cls.model_validate(traits)


@dataclass(frozen=True)
class Tally:
    """Members of one organisation, or of a subtree."""

    full_members: int = 0
    probationary: int = 0

    @property
    def members(self) -> int:
        return self.full_members + self.probationary


@dataclass(frozen=True)
class Size(Tally):
    """What an organisation counts."""

    seated: int = 0
    """Members who sit in its committee."""


@dataclass(frozen=True)
class Finding:
    """Whether an alert of a kind should stand, by which rule, and on what numbers."""

    kind: AlertKind
    rule: type[Rule]
    stands: bool
    facts: dict[str, int]


class TooFewToStart(Conflict):
    code = "too-few-full-members"
    title, title_zh = "Too few full members to found a branch", "正式党员不足，不能成立党支部"


class StartUnsaid(Invalid):
    code = "starting-full-members-missing"
    title, title_zh = (
        "Founding a branch says how many full members it starts with",
        "成立党支部须说明正式党员人数",
    )


def check_start(traits: Traits, starting: int | None, book: Book, *, founding: bool) -> None:
    """A branch that takes members is founded with enough of them: branch.minimum.

    What stood before today is entered, not founded (补录): it is refused for no number, and
    alerts tell what it lacks. Raises `StartUnsaid` or `TooFewToStart`.
    """
    if not (founding and traits.takes_members and traits.size is SizedAs.BRANCH):
        return
    rule, said = book[BranchMinimum], book.statement(BranchMinimum)
    if starting is None:
        raise StartUnsaid(
            "Say `starting_full_members`, or `occurred_at` of the day on which it was founded.",
            zh="请填写成立时的正式党员人数；补录早已成立的党支部，请填写成立日期。",
            field="starting_full_members",
        )
    if starting < rule.least and said.severity is Severity.BLOCK:
        raise TooFewToStart(
            f"A branch needs {rule.least} full members, this one has {starting}.",
            zh=f"成立党支部须有正式党员 {rule.least} 名以上，现有 {starting} 名；可建联合党支部。",
            field="starting_full_members",
            least=rule.least,
            rule=said.code,
            rule_version=said.version,
            source=said.source,
        )


def of_branch(size: Size, book: Book) -> Iterable[Finding]:
    """What a branch of this size owes."""
    least, most = book[BranchMinimum].least, book[BranchMaximum].most
    committee = book[BranchCommittee]
    yield Finding(
        AlertKind.BRANCH_TOO_SMALL,
        BranchMinimum,
        size.full_members < least,
        {"full_members": size.full_members, "least": least},
    )
    yield Finding(
        AlertKind.BRANCH_TOO_LARGE,
        BranchMaximum,
        size.members > most,
        {"members": size.members, "most": most},
    )
    yield Finding(
        AlertKind.COMMITTEE_MISSING,
        BranchCommittee,
        size.full_members >= committee.from_full and size.seated < committee.least,
        {"full_members": size.full_members, "seated": size.seated, "least": committee.least},
    )


def of_general_branch(members: int, book: Book, *, approved: bool) -> Finding:
    rule = book[GeneralBranchSize]
    return Finding(
        AlertKind.GENERAL_BRANCH_SIZE,
        GeneralBranchSize,
        not (rule.least <= members <= rule.most or approved),
        {"members": members, "least": rule.least, "most": rule.most},
    )


def of_committee(members: int, book: Book, *, approved: bool) -> Finding:
    least = book[CommitteeSize].least
    return Finding(
        AlertKind.COMMITTEE_SIZE,
        CommitteeSize,
        members < least and not approved,
        {"members": members, "least": least},
    )


RULES: tuple[type[Rule], ...] = (
    BranchMinimum,
    BranchMaximum,
    GeneralBranchSize,
    CommitteeSize,
    BranchCommittee,
)
ALERTS = (
    AlertKind.BRANCH_TOO_SMALL,
    AlertKind.BRANCH_TOO_LARGE,
    AlertKind.COMMITTEE_MISSING,
    AlertKind.GENERAL_BRANCH_SIZE,
    AlertKind.COMMITTEE_SIZE,
)
"""What ends when an organisation is dissolved."""
