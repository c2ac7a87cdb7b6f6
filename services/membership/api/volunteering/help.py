"""Help files with consent, their helpers, and what was done for the households."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from contracts.access import Action
from contracts.areas import AreaCode
from contracts.kinds.volunteering import HelpFileEnd, PairMode
from services.chassis.http import (
    Caller,
    Context,
    Page,
    Timed,
    Work,
    command_router,
    query_router,
    sealed,
)
from services.chassis.http.fields import Code, Day, Kind, Sought
from services.chassis.http.held import held, seen
from services.chassis.http.listing import Filters, Paging, without_past
from services.chassis.http.lists import as_file
from services.chassis.http.words import masked
from services.membership.api.volunteering.common import (
    HolderShown,
    Line,
    MustHold,
    Purpose,
    Sealed,
    Text,
    check_right,
)
from services.membership.api.volunteering.menu import Minutes
from services.membership.domain.volunteering.help import HelpFile
from services.membership.handlers.volunteering import help as handlers
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import HelpFileRow

commands = command_router(tags=["帮扶"])
queries = query_router(tags=["帮扶"])

Held = Annotated[HelpFileRow, held(HelpFileRow, "民情档案", Action.MANAGE_SERVICE)]
Edited = Annotated[HelpFileRow, held(HelpFileRow, "民情档案", Action.MANAGE_SERVICE, edit=True)]
Seen = Annotated[HelpFileRow, seen(HelpFileRow, "民情档案", Action.READ_HELP_FILES)]


class Household(Sealed):
    """Who is helped and what their life is like: sealed at once, destroyed with the file."""

    name: Line | None = Field(default=None, title="户主姓名")
    phone: Line | None = Field(default=None, title="联系电话")
    address: Line | None = Field(default=None, title="住址")
    situation: Text | None = Field(default=None, title="基本情况")


class ConsentRequest(Timed):
    consent_reference: Code | None = Field(default=None, title="同意书编号")
    consented_on: Day | None = Field(default=None, title="同意日期")


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


class FileView(HelpFile):
    """Nothing of the household itself."""

    version: int

    @property
    def household_name(self) -> Annotated[UUID, masked("name")]:
        return self.file_id

    @property
    def household_phone(self) -> Annotated[UUID, masked("phone")]:
        return self.file_id


class FileFilters(Filters):
    grade: Sought | None = None
    difficulty: Sought | None = None
    code: Sought | None = None
    organisation_id: UUID | None = None
    open_only: Annotated[bool, without_past("ended")] = Field(
        default=False, alias="open", description="Only files that stand."
    )


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
async def open_file(request: FileRequest, context: Context, caller: Caller, uow: Work) -> FileView:
    await check_right(caller, uow, request.organisation_id, request.area)
    fields, household = request.fields("household"), request.household.fields()
    return _view(await handlers.open_file(fields, household, context.vault, uow, request.at(uow)))


@commands.patch("/help-files/{file_id}", summary="调整帮扶等级或困难分类")
async def change_file(file: Edited, request: FileChange, uow: Work) -> FileView:
    return _view(await handlers.regrade(file, request.changes(), uow, request.at(uow)))


@commands.put("/help-files/{file_id}/household", summary="更正家庭信息")
async def change_household(
    file: Held, request: HouseholdChange, context: Context, uow: Work
) -> FileView:
    """Only the fields that are given; they are sealed like the first ones."""
    household = request.household.fields()
    return _view(await handlers.change_household(file, household, context.vault, uow))


@commands.post("/help-files/{file_id}/renewal", summary="续期")
async def renew(file: Held, request: ConsentRequest, uow: Work) -> FileView:
    """With a fresh consent."""
    paper, day = request.consent_reference, request.consented_on
    return _view(await handlers.renew(file, paper, day, uow, request.at(uow)))


@commands.post("/help-files/{file_id}/closing", summary="销毁民情档案")
async def close(file: Held, request: Closing, uow: Work) -> FileView:
    """The household's data are gone at once, from every backup too."""
    return _view(await handlers.close(file, request.reason, uow, request.at(uow)))


@commands.post("/help-files/{file_id}/helpers", status_code=201, summary="结成帮扶对子")
async def pair(file: Held, request: PairRequest, uow: Work) -> FileView:
    return _view(await handlers.pair(file, request.who(), request.mode, uow, request.at(uow)))


@commands.post("/help-files/{file_id}/departures", summary="解除帮扶对子")
async def unpair(file: Held, request: MustHold, uow: Work) -> FileView:
    return _view(await handlers.unpair(file, request.who(), uow, request.at(uow)))


@commands.post("/help-files/{file_id}/visits", status_code=201, summary="记录帮扶走访")
async def visit(file: Held, request: VisitRequest, uow: Work) -> VisitView:
    measures, minutes, at = request.measures, request.minutes, request.at(uow)
    row = await handlers.visit(file, request.who(), measures, minutes, uow, at)
    return row.shown(VisitView)


@as_file(
    queries,
    "民情档案",
    columns={
        "code": "档案编号",
        "area": "区划",
        "grade": "帮扶等级",
        "difficulty": "困难分类",
        "household_name": "户主（脱敏）",
        "household_phone": "电话（脱敏）",
        "helpers": "帮扶党员人数",
        "opened_on": "建档日期",
        "consented_on": "同意日期",
        "expires_on": "到期日期",
        "visited_on": "最近走访",
        "visit_by": "应走访日期",
        "ended": "销毁原因",
    },
    form="xlsx",
    without=("code",),
    description="Contact data masked.",
)
@queries.get("/help-files", summary="民情档案列表")
async def list_files(filters: Annotated[FileFilters, Query()], paging: Paging) -> Page[FileView]:
    """For who may read help files; nothing of the households themselves."""
    how = {"order": "code", "action": Action.READ_HELP_FILES}
    return await paging.shown(HelpFileRow, FileView, filters, **how)


@queries.get("/help-files/{file_id}", summary="阅读民情档案")
async def read_file(file: Seen, purpose: Purpose, context: Context, caller: Caller) -> WholeFile:
    """Needs the right to read help files and a purpose; who read it, and why, is recorded."""
    async with context.database.sessions() as session:
        pairs = await cases.pairs(session, file_id=file.file_id)
        visits = await cases.visits_of(session, file.file_id)
    return file.shown(
        WholeFile,
        household=await sealed.contact_in_full(context, caller, file.file_id, file.area, purpose),
        pairs=[each.shown(PairView) for each in pairs],
        visits=[each.shown(VisitView) for each in visits],
    )


def _view(row: HelpFileRow) -> FileView:
    return row.shown(FileView)


routers = (commands, queries)
