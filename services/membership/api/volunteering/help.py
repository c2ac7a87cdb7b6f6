"""Help files with consent, their helpers, and what was done for the households."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import HelpFileEnd, PairMode
from services.chassis.clock import occurred
from services.chassis.http import (
    Caller,
    Context,
    Cursor,
    IfMatch,
    Limit,
    Page,
    Timed,
    Work,
    command_router,
    page_of,
    sealed,
    set_etag,
)
from services.chassis.http.export import Cell
from services.chassis.http.fields import Code, Day, Kind, Sought
from services.chassis.http.problems import RESPONSES
from services.chassis.http.scopes import areas_to_list
from services.membership.api.volunteering.common import (
    AsFile,
    HolderShown,
    Line,
    MustHold,
    Purpose,
    Text,
    Within,
    file_of,
    holder_shown,
    label,
    page_rows,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.domain.volunteering.help import Consent, OpenFile
from services.membership.handlers.volunteering import help as handlers
from services.membership.handlers.volunteering import references
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import (
    HelpFileRow,
    HelpPairRow,
    HelpVisitRow,
    one,
)

commands = command_router(tags=["帮扶"])
queries = APIRouter(prefix="/v1", tags=["帮扶"], responses=dict(RESPONSES))


class Household(BaseModel):
    """Who is helped and what their life is like: sealed at once, destroyed with the file."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = Field(default=None, title="户主姓名")
    phone: Line | None = Field(default=None, title="联系电话")
    address: Line | None = Field(default=None, title="住址")
    situation: Text | None = Field(default=None, title="基本情况")

    def fields(self) -> dict[str, str]:
        return {name: text for name, text in self.model_dump(exclude_none=True).items() if text}


class ConsentRequest(Timed):
    consent_reference: Code | None = Field(default=None, title="同意书编号")
    consented_on: Day | None = Field(default=None, title="同意日期")

    def consent(self) -> Consent:
        return Consent(reference=self.consent_reference, given_on=self.consented_on)


class FileRequest(ConsentRequest):
    """Without the household's written consent it is refused."""

    code: Code
    organisation_id: UUID = Field(title="帮扶党组织")
    area: AreaCode | None = Field(default=None, description="Else that of the organisation.")
    grade: Kind = Field(title="帮扶等级")
    difficulty: Kind = Field(title="困难分类")
    household: Household = Field(default_factory=Household, title="家庭信息")


class FileChange(Timed):
    """Fields left out stay as they are."""

    grade: Kind | None = Field(default=None, title="帮扶等级")
    difficulty: Kind | None = Field(default=None, title="困难分类")


class HouseholdChange(Timed):
    household: Household = Field(title="家庭信息")


class Closing(Timed):
    reason: HelpFileEnd = Field(title="销毁原因")


class PairRequest(MustHold):
    mode: PairMode = Field(default=PairMode.FIVE_TO_ONE, title="结对方式")


class VisitRequest(MustHold):
    measures: list[Kind] = Field(min_length=1, max_length=20, title="帮扶措施")
    minutes: Minutes | None = None


class FileView(BaseModel):
    """Nothing of the household itself."""

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
    version: int


class PairView(HolderShown):
    mode: PairMode = Field(title="结对方式")
    paired_on: date = Field(title="结对日期")


class VisitView(HolderShown):
    visit_id: UUID
    visited_on: date = Field(title="走访日期")
    measures: list[str] = Field(title="帮扶措施")
    minutes: int | None = Field(title="分钟数")


class WholeFile(FileView):
    """The file as it is read: every reading is recorded."""

    consent_reference: str = Field(title="同意书编号")
    household: dict[str, str] = Field(title="家庭信息")
    pairs: list[PairView] = Field(title="帮扶党员")
    visits: list[VisitView] = Field(title="走访记录")


@commands.post("/help-files", status_code=201, summary="建立民情档案")
async def open_file(
    request: FileRequest, context: Context, caller: Caller, uow: Work, response: Response
) -> FileView:
    organisation = await references.organisation(uow, request.organisation_id)
    for area in {organisation.area, request.area or organisation.area}:
        caller.require(Action.MANAGE_SERVICE, area)
    command = OpenFile(
        code=request.code,
        organisation_id=request.organisation_id,
        area=request.area,
        grade=request.grade,
        difficulty=request.difficulty,
        consent=request.consent(),
    )
    at = occurred(request.occurred_at, uow.now)
    household = request.household.fields()
    return _shown(await handlers.open_file(command, household, context.vault, uow, at), response)


@commands.patch("/help-files/{file_id}", summary="调整帮扶等级或困难分类")
async def change_file(
    file_id: UUID,
    request: FileChange,
    caller: Caller,
    version: IfMatch,
    uow: Work,
    response: Response,
) -> FileView:
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.regrade(file_id, request.grade, request.difficulty, version, uow, at)
    return _shown(row, response)


@commands.put("/help-files/{file_id}/household", summary="更正家庭信息")
async def change_household(
    file_id: UUID,
    request: HouseholdChange,
    context: Context,
    caller: Caller,
    uow: Work,
    response: Response,
) -> FileView:
    """Only the fields that are given; they are sealed like the first ones."""
    await _require(caller, uow, file_id)
    fields = request.household.fields()
    return _shown(await handlers.change_household(file_id, fields, context.vault, uow), response)


@commands.post("/help-files/{file_id}/renewal", summary="续期")
async def renew(
    file_id: UUID, request: ConsentRequest, caller: Caller, uow: Work, response: Response
) -> FileView:
    """With a fresh consent."""
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.renew(file_id, request.consent(), uow, at), response)


@commands.post("/help-files/{file_id}/closing", summary="销毁民情档案")
async def close(
    file_id: UUID, request: Closing, caller: Caller, uow: Work, response: Response
) -> FileView:
    """The household's data are gone at once, from every backup too."""
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.close(file_id, request.reason, uow, at), response)


@commands.post("/help-files/{file_id}/helpers", status_code=201, summary="结成帮扶对子")
async def pair(
    file_id: UUID, request: PairRequest, caller: Caller, uow: Work, response: Response
) -> FileView:
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.pair(file_id, request.who(), request.mode, uow, at), response)


@commands.post("/help-files/{file_id}/departures", summary="解除帮扶对子")
async def unpair(
    file_id: UUID, request: MustHold, caller: Caller, uow: Work, response: Response
) -> FileView:
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    return _shown(await handlers.unpair(file_id, request.who(), uow, at), response)


@commands.post("/help-files/{file_id}/visits", status_code=201, summary="记录帮扶走访")
async def visit(file_id: UUID, request: VisitRequest, caller: Caller, uow: Work) -> VisitView:
    await _require(caller, uow, file_id)
    at = occurred(request.occurred_at, uow.now)
    row = await handlers.visit(file_id, request.who(), request.measures, request.minutes, uow, at)
    return _visit(row)


async def _require(caller: Caller, uow: Work, file_id: UUID) -> None:
    row = await one(uow.session, HelpFileRow, file_id, handlers.NO_FILE)
    caller.require(Action.MANAGE_SERVICE, row.area)


OpenOnly = Annotated[bool, Query(alias="open", description="Only files that stand.")]


@queries.get("/help-files", summary="民情档案列表")
async def list_files(
    *,
    context: Context,
    caller: Caller,
    cursor: Cursor,
    within: Within = None,
    grade: Sought | None = None,
    difficulty: Sought | None = None,
    code: Sought | None = None,
    organisation_id: UUID | None = None,
    open_only: OpenOnly = False,
    limit: Limit = 50,
) -> Page[FileView]:
    """For who may read help files; nothing of the households themselves."""
    equal = {
        "grade": grade,
        "difficulty": difficulty,
        "code": code,
        "organisation_id": organisation_id,
    }
    rows = await page_rows(
        context, caller, HelpFileRow, "code", within, equal, cursor, limit,
        unset="ended" if open_only else None, action=Action.READ_HELP_FILES,
    )  # fmt: skip
    return page_of(rows, limit, _file, lambda row: (row.code,))


HEADINGS = (
    *("档案编号", "区划", "帮扶等级", "困难分类", "户主（脱敏）", "电话（脱敏）", "帮扶党员人数"),
    *("建档日期", "同意日期", "到期日期", "最近走访", "应走访日期", "销毁原因"),
)


@queries.get("/help-files/export", summary="导出民情档案", response_class=Response)
async def export_files(
    *,
    context: Context,
    caller: Caller,
    within: Within = None,
    grade: Sought | None = None,
    difficulty: Sought | None = None,
    organisation_id: UUID | None = None,
    open_only: OpenOnly = False,
    form: AsFile = "xlsx",
) -> Response:
    """Contact data masked."""

    async def lines(rows: Sequence[HelpFileRow]) -> list[Sequence[Cell]]:
        known = await sealed.masked(context, [row.file_id for row in rows])
        return [_line(row, known.get(row.file_id, {})) for row in rows]

    areas = areas_to_list(caller, within, Action.READ_HELP_FILES)
    equal = {"grade": grade, "difficulty": difficulty, "organisation_id": organisation_id}
    return await file_of(
        context, "民情档案", HEADINGS, form, HelpFileRow, "code", areas, equal, lines,
        unset="ended" if open_only else None,
    )  # fmt: skip


def _line(row: HelpFileRow, household: dict[str, str]) -> Sequence[Cell]:
    return (
        row.code,
        row.area,
        row.grade,
        row.difficulty,
        household.get("name", ""),
        household.get("phone", ""),
        row.helpers,
        row.opened_on,
        row.consented_on,
        row.expires_on,
        row.visited_on,
        row.visit_by,
        label(HelpFileEnd, row.ended),
    )


@queries.get("/help-files/{file_id}", summary="阅读民情档案")
async def read_file(
    file_id: UUID, purpose: Purpose, context: Context, caller: Caller, response: Response
) -> WholeFile:
    """Needs the right to read help files and a purpose; who read it, and why, is recorded."""
    async with context.database.sessions() as session:
        row = await one(session, HelpFileRow, file_id, handlers.NO_FILE)
        caller.require(Action.READ_HELP_FILES, row.area)
        pairs = await cases.pairs_of_file(session, file_id)
        visits = await cases.visits_of(session, file_id)
    household = await sealed.contact_in_full(context, caller, file_id, row.area, purpose)
    set_etag(response, row.version)
    return WholeFile(
        **_file(row).model_dump(),
        consent_reference=row.consent_reference,
        household=household,
        pairs=[_pair(each) for each in pairs],
        visits=[_visit(each) for each in visits],
    )


def _file(row: HelpFileRow) -> FileView:
    return FileView.model_validate(row.model_dump())


def _pair(row: HelpPairRow) -> PairView:
    return PairView(mode=PairMode(row.mode), paired_on=row.paired_on, **holder_shown(row))


def _visit(row: HelpVisitRow) -> VisitView:
    return VisitView(
        visit_id=row.visit_id,
        visited_on=row.visited_on,
        measures=row.measures,
        minutes=row.minutes,
        **holder_shown(row),
    )


def _shown(row: HelpFileRow, response: Response) -> FileView:
    set_etag(response, row.version)
    return _file(row)


routers = (commands, queries)
