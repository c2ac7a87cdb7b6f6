"""Help files (民情档案) with the household's consent, five-help-one pairs, and visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

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
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import (
    HelpCadence,
    HelperLoad,
    HelperPlaces,
    HelpFileTerm,
    HelpMeasures,
)

# Commands and state


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The household's signed agreement: the number of the paper, and its day."""

    reference: str | None
    given_on: date | None


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    code: str
    organisation_id: UUID
    area: str | None
    grade: str
    difficulty: str
    consent: Consent


@dataclass(frozen=True, kw_only=True)
class HelpFile:
    file_id: UUID
    code: str
    organisation_id: UUID
    area: str
    grade: str
    difficulty: str
    opened_on: date
    consented_on: date
    expires_on: date
    ended: HelpFileEnd | None
    helpers: int


@dataclass(frozen=True, kw_only=True)
class Pair:
    file_id: UUID
    holder: Holder
    mode: PairMode
    place: int
    load_place: int
    paired_on: date


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


def open_file(command: OpenFile, file_id: UUID, area: str, book: Book, on: date) -> HelpFileOpened:
    """Raises `ConsentMissing` or `ConsentTooOld`. `on` is the day the file is opened."""
    given_on, expires_on = _term(command.consent, book, on)
    return HelpFileOpened(
        area=area,
        file_id=file_id,
        grade_kind=command.grade,
        difficulty_kind=command.difficulty,
        organisation_id=command.organisation_id,
        consented_on=given_on,
        expires_on=expires_on,
    )


def renew_file(file: HelpFile, consent: Consent, book: Book, on: date) -> HelpFileRenewed:
    """A fresh consent carries the file on from its own day."""
    check_open(file)
    given_on, expires_on = _term(consent, book, on)
    return HelpFileRenewed(**_of_file(file), consented_on=given_on, expires_on=expires_on)


def _term(consent: Consent, book: Book, on: date) -> tuple[date, date]:
    if not consent.reference or consent.given_on is None or consent.given_on > on:
        raise ConsentMissing(
            "Name the paper of consent and its day, not later than the day of entry.",
            zh="请填写同意书编号和同意日期，日期不得晚于登记日期。",
            field="consented_on" if consent.reference else "consent_reference",
        )
    expires_on = consent.given_on + timedelta(days=book[HelpFileTerm].days)
    if expires_on <= on:
        raise ConsentTooOld(
            f"The consent of {consent.given_on} was good until {expires_on}.",
            zh=f"{consent.given_on} 的同意书有效期至 {expires_on}，须重新取得同意。",
            field="consented_on",
            value=consent.given_on.isoformat(),
            rule=book.statement(HelpFileTerm).source,
        )
    return consent.given_on, expires_on


def regrade(file: HelpFile, grade: str, difficulty: str) -> HelpFileRegraded | None:
    """`None` when nothing changes."""
    check_open(file)
    if (grade, difficulty) == (file.grade, file.difficulty):
        return None
    said = _of_file(file) | {"grade_kind": grade, "difficulty_kind": difficulty}
    return HelpFileRegraded(
        **said,
        helper_count=file.helpers,
        was_grade_kind=file.grade,
        was_difficulty_kind=file.difficulty,
    )


def close_file(file: HelpFile, reason: HelpFileEnd) -> HelpFileClosed:
    check_open(file)
    return HelpFileClosed(**_of_file(file), reason=reason, helper_count=file.helpers)


def check_open(file: HelpFile) -> None:
    if file.ended is not None:
        raise FileClosed(f"{file.code} was closed: {file.ended.value}.", zh="该民情档案已销毁。")


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
    if any(known.holder == holder for known in of_file):
        raise AlreadyPaired(
            "They are a pair already.", zh="该党员已与该户结对。", field=holder.field
        )
    place = _household_place(file, mode, of_file, book)
    load = _helper_place(holder, mode, of_holder, book)
    event = HelperPaired(
        **_of_file(file), holder_id=holder.holder_id, holder_kind=holder.holder_kind, mode=mode
    )
    made = Pair(
        file_id=file.file_id,
        holder=holder,
        mode=mode,
        place=place,
        load_place=load,
        paired_on=on,
    )
    return event, made


def _household_place(file: HelpFile, mode: PairMode, pairs: Sequence[Pair], book: Book) -> int:
    places = _places(mode, pairs, book[HelperPlaces].most)
    place = _free({known.place for known in pairs}, places)
    if place is None:
        alone = PairMode.ONE_TO_ONE in _modes(mode, pairs)
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
    places = _places(mode, pairs, book[HelperLoad].most)
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


def _modes(mode: PairMode, pairs: Sequence[Pair]) -> set[PairMode]:
    return {mode, *(known.mode for known in pairs)} if pairs else set()


def _places(mode: PairMode, pairs: Sequence[Pair], most: int) -> int:
    return len(pairs) if PairMode.ONE_TO_ONE in _modes(mode, pairs) else most


def _free(taken: set[int], places: int) -> int | None:
    """The lowest free place; none once as many are taken, wherever they stand."""
    if len(taken) >= places and taken:
        return None
    return next(n for n in range(1, len(taken) + 2) if n not in taken)


def unpair(file: HelpFile, known: Pair | None) -> HelperUnpaired:
    check_open(file)
    found = _standing(known)
    return HelperUnpaired(
        **_of_file(file),
        holder_id=found.holder.holder_id,
        holder_kind=found.holder.holder_kind,
        mode=found.mode,
    )


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
        **_of_file(file),
        visit_id=visit_id,
        holder_id=found.holder.holder_id,
        holder_kind=found.holder.holder_kind,
        measure_codes=tuple(measures),
    )


def next_visit(grade: str, last: date, book: Book) -> date | None:
    """By when the household must be seen again; nothing for a grade the rule does not name."""
    days = book[HelpCadence].days.get(grade)
    return None if days is None else last + timedelta(days=days)


def remind_from(expires_on: date, term: HelpFileTerm) -> date:
    return expires_on - timedelta(days=term.remind_days)


def erased_after(closed_at: date, days: int) -> date:
    """The first day on which contact data of a closed case must be gone."""
    return closed_at + timedelta(days=days)


def _standing(known: Pair | None) -> Pair:
    if known is None:
        raise NotPaired(
            "The helper is not paired with this household.",
            zh="该党员未与该户结对。",
            field="member_id",
        )
    return known


def _of_file(file: HelpFile) -> dict[str, Any]:
    return {
        "area": file.area,
        "file_id": file.file_id,
        "grade_kind": file.grade,
        "difficulty_kind": file.difficulty,
        "organisation_id": file.organisation_id,
    }
