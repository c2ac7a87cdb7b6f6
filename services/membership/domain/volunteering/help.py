"""Help files (民情档案) with the household's consent, five-help-one pairs, and visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import HelpFileEnd, PairMode
from contracts.membership.volunteering import (
    HelperPaired,
    HelperUnpaired,
    HelpFileClosed,
    HelpFileOpened,
    HelpFileRegraded,
    HelpFileRenewed,
    HelpVisited,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.rules import Book
from services.chassis.state import State
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import (
    HelpCadence,
    HelperLoad,
    HelperPlaces,
    HelpFileTerm,
    HelpMeasures,
)


class HelpFile(State):
    file_id: UUID
    code: str = Field(title="档案编号")
    organisation_id: UUID = Field(title="帮扶党组织")
    area: str = Field(title="区划")
    grade: str = Field(title="帮扶等级")
    difficulty: str = Field(title="困难分类")
    consented_on: date = Field(title="同意日期")
    expires_on: date = Field(title="到期日期")
    opened_on: date = Field(title="建档日期")
    helpers: int = Field(title="帮扶党员人数")
    visited_on: date | None = Field(title="最近走访日期")
    visit_by: date | None = Field(title="应走访日期")
    ended: HelpFileEnd | None = Field(title="销毁原因")
    ended_on: date | None = Field(title="销毁日期")

    def facts(self) -> dict[str, Any]:
        """What every event about the file repeats."""
        kept = self.model_dump(include={"area", "file_id", "organisation_id"})
        return kept | {"grade_kind": self.grade, "difficulty_kind": self.difficulty}


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The household's signed agreement: the number of the paper, its day, and what follows."""

    consent_reference: str
    consented_on: date
    expires_on: date
    """The first day on which the file stands no more."""
    remind_on: date


class Pair(State):
    file_id: UUID
    holder_id: UUID
    holder_kind: HolderKind
    mode: PairMode
    place: int
    load_place: int
    paired_on: date

    def facts(self) -> dict[str, Any]:
        return self.model_dump(include={"holder_id", "holder_kind", "mode"})


# Refusals


class ConsentMissing(Invalid):
    code = "consent-missing"
    title, title_zh = "A help file needs the household's consent", "建立民情档案须有家庭书面同意"


class ConsentTooOld(Invalid):
    code = "consent-too-old"
    title, title_zh = "The consent has expired", "同意书已过有效期"


class FileClosed(Conflict):
    code = "help-file-closed"
    title, title_zh = "The help file was closed and destroyed", "民情档案已销毁"


class HelpersComplete(Conflict):
    code = "helpers-complete"
    title, title_zh = "The household has all its helpers", "帮扶党员名额已满"


class HelperFullyLoaded(Conflict):
    code = "helper-fully-loaded"
    title, title_zh = "The helper cares for as many households as allowed", "该党员帮扶户数已满"


class AlreadyPaired(Conflict):
    code = "already-paired"
    title, title_zh = "The helper is paired with this household", "该党员已与该户结对"


class NotPaired(Conflict):
    code = "not-paired"
    title, title_zh = "The helper is not paired with this household", "该党员未与该户结对"


class MeasureNotForGrade(Invalid):
    code = "measure-not-for-grade"
    title, title_zh = "The grade provides for no such measure", "该帮扶等级不含此项措施"


# Decisions


def agree(reference: str | None, given_on: date | None, book: Book, on: date) -> Consent:
    """What a paper of consent that is entered `on` a day is good for.

    Raises `ConsentMissing`, `ConsentTooOld`.
    """
    if not reference or given_on is None or given_on > on:
        raise ConsentMissing(
            "Name the paper of consent and its day, not later than the day of entry.",
            zh="请填写同意书编号和同意日期，日期不得晚于登记日期。",
            field="consented_on" if reference else "consent_reference",
        )
    term = book[HelpFileTerm]
    expires_on = given_on + timedelta(days=term.days)
    if expires_on <= on:
        raise ConsentTooOld(
            f"The consent of {given_on} was good until {expires_on}.",
            zh=f"{given_on} 的同意书有效期至 {expires_on}，须重新取得同意。",
            field="consented_on",
            value=given_on.isoformat(),
            rule=book.statement(HelpFileTerm).source,
        )
    return Consent(
        consent_reference=reference,
        consented_on=given_on,
        expires_on=expires_on,
        remind_on=expires_on - timedelta(days=term.remind_days),
    )


def open_file(file: HelpFile) -> HelpFileOpened:
    return HelpFileOpened(
        **file.facts(), consented_on=file.consented_on, expires_on=file.expires_on
    )


def renew(
    file: HelpFile, reference: str | None, given_on: date | None, book: Book, on: date
) -> tuple[HelpFileRenewed, Consent]:
    """A fresh consent carries the file on from its own day. Raises what `agree` does."""
    check_open(file)
    consent = agree(reference, given_on, book, on)
    renewed = HelpFileRenewed(
        **file.facts(), consented_on=consent.consented_on, expires_on=consent.expires_on
    )
    return renewed, consent


def regrade(was: HelpFile, now: HelpFile) -> HelpFileRegraded | None:
    """`None` when nothing changes."""
    check_open(was)
    if now.facts() == was.facts():
        return None
    return HelpFileRegraded(
        **now.facts(),
        helper_count=now.helpers,
        was_grade_kind=was.grade,
        was_difficulty_kind=was.difficulty,
    )


def close_file(file: HelpFile, reason: HelpFileEnd) -> HelpFileClosed:
    check_open(file)
    return HelpFileClosed(**file.facts(), reason=reason, helper_count=file.helpers)


def check_open(file: HelpFile) -> None:
    if file.ended is not None:
        raise FileClosed(f"{file.code} was closed: {file.ended}.", zh="该民情档案已销毁。")


def pair(
    file: HelpFile,
    holder: Holder,
    mode: PairMode,
    book: Book,
    *,
    on: date,
    of_file: Sequence[Pair],
    of_holder: Sequence[Pair],
) -> tuple[HelperPaired, Pair]:
    """The household's free place and the helper's. `of_file`, `of_holder`: pairs that stand.

    One to one means it on both sides. Raises `HelpersComplete`, `HelperFullyLoaded`,
    `AlreadyPaired`.
    """
    check_open(file)
    if any(known.holder_id == holder.holder_id for known in of_file):
        raise AlreadyPaired(
            "They are a pair already.", zh="该党员已与该户结对。", field=holder.field
        )
    place = _household_place(file, mode, of_file, book)
    load = _helper_place(holder, mode, of_holder, book)
    made = Pair(
        file_id=file.file_id, mode=mode, place=place, load_place=load, paired_on=on, **vars(holder)
    )
    return HelperPaired(**file.facts(), **made.facts()), made


def _household_place(file: HelpFile, mode: PairMode, pairs: Sequence[Pair], book: Book) -> int:
    alone = _alone(mode, pairs)
    places = len(pairs) if alone else book[HelperPlaces].most
    place = _free({known.place for known in pairs}, places)
    if place is None:
        raise HelpersComplete(
            f"{file.code} has {len(pairs)} helpers of {places}.",
            zh=f"该户已有 {len(pairs)} 名帮扶党员，上限 {places} 名"
            + ("（一对一结对不与其他结对并存）。" if alone else "。"),
            field="file_id",
            most=places,
            rule=book.statement(HelperPlaces).source,
        )
    return place


def _helper_place(holder: Holder, mode: PairMode, pairs: Sequence[Pair], book: Book) -> int:
    places = len(pairs) if _alone(mode, pairs) else book[HelperLoad].most
    place = _free({known.load_place for known in pairs}, places)
    if place is None:
        raise HelperFullyLoaded(
            f"The helper cares for {len(pairs)} households of {places}.",
            zh=f"该党员已帮扶 {len(pairs)} 户，上限 {places} 户。",
            field=holder.field,
            most=places,
            rule=book.statement(HelperLoad).source,
        )
    return place


def _alone(mode: PairMode, pairs: Sequence[Pair]) -> bool:
    """Whether there are pairs that bear no other beside them."""
    return bool(pairs) and PairMode.ONE_TO_ONE in {mode, *(known.mode for known in pairs)}


def _free(taken: set[int], places: int) -> int | None:
    """The lowest free place; none once as many are taken, wherever they stand."""
    if len(taken) >= places and taken:
        return None
    return next(n for n in range(1, len(taken) + 2) if n not in taken)


def unpair(file: HelpFile, known: Pair | None) -> HelperUnpaired:
    check_open(file)
    return HelperUnpaired(**file.facts(), **_standing(known).facts())


def visit(
    file: HelpFile, known: Pair | None, visit_id: UUID, measures: Sequence[str], book: Book
) -> HelpVisited:
    """Who is paired visits, and does what the grade provides for (按帮扶等级动态措施)."""
    check_open(file)
    found = _standing(known)
    provided = book[HelpMeasures].measures.get(file.grade)
    beyond = sorted(set(measures) - set(provided or measures))
    if beyond:
        raise MeasureNotForGrade(
            f"Grade {file.grade} does not provide for {', '.join(beyond)}.",
            zh=f"该帮扶等级的措施为：{'、'.join(provided or ())}，不含 {'、'.join(beyond)}。",
            field="measures",
            known=list(provided or ()),
        )
    return HelpVisited(
        **file.facts(),
        visit_id=visit_id,
        holder_id=found.holder_id,
        holder_kind=found.holder_kind,
        measure_codes=tuple(measures),
    )


def next_visit(grade: str, last: date, book: Book) -> date | None:
    """By when the household must be seen again; nothing for a grade the rule does not name."""
    days = book[HelpCadence].days.get(grade)
    return None if days is None else last + timedelta(days=days)


def _standing(known: Pair | None) -> Pair:
    if known is None:
        raise NotPaired(
            "The helper is not paired with this household.",
            zh="该党员未与该户结对。",
            field="member_id",
        )
    return known
