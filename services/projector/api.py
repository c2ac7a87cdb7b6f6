"""HTTP: the catalogue, the figures, the events behind them, and the work summary. Read only."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from services.chassis.http import Caller, Context, Cursor, Limit, Page, page_of
from services.chassis.http.parameters import Others
from services.chassis.http.problems import RESPONSES
from services.projector.answers import (
    ContributionEntry,
    DimensionEntry,
    FigureAnswer,
    FigureEntry,
    FigureList,
    GroupValue,
    SummaryFormat,
    WorkSummary,
)
from services.projector.asked import (
    AskedFigure,
    AskedScope,
    asked_by,
    asked_values,
    events_link,
)
from services.projector.declare import Figure, FigureKind
from services.projector.drill import Contribution, contributions, key_of
from services.projector.figures import CATALOGUE
from services.projector.labels import groups_of
from services.projector.queries import WHOLE, By, View, look
from services.projector.render import in_json, in_markdown, in_word
from services.projector.sql import Scope
from services.projector.summary import Summary, compose

router = APIRouter(prefix="/v1", tags=["指标"], responses=dict(RESPONSES))

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown"


@router.get("/figures", summary="指标目录")
async def catalogue(_: Caller) -> FigureList:
    return FigureList(
        items=[
            FigureEntry(
                key=figure.key,
                name=figure.name,
                unit=figure.unit,
                kind=figure.kind,
                dimensions=[
                    DimensionEntry(key=d.key, name=d.name)
                    for d in CATALOGUE.dimensions_of(figure).values()
                ],
                describes=figure.describes,
            )
            for figure in CATALOGUE.figures.values()
        ]
    )


@router.get("/figures/{key}", summary="指标数值")  # noqa: FAST003  read by AskedFigure
async def figure(
    figure: AskedFigure,
    scope: AskedScope,
    context: Context,
    by: Annotated[
        str | None, Query(description="month, area, or a dimension of the figure.")
    ] = None,
) -> FigureAnswer:
    """The number, and with `by` its groups: months, areas one level below, or a dimension."""
    split = asked_by(figure, by, scope.period)

    async def read(view: View) -> FigureAnswer:
        return await _answer(view, figure, scope, split, by)

    return await look(context.database.pool, read)


async def _answer(
    view: View, figure: Figure, scope: Scope, split: By, by: str | None
) -> FigureAnswer:
    groups = None
    if split != WHOLE:
        empty = None if figure.kind is FigureKind.RATIO else 0
        values = await view.values(figure, scope, split)
        found = await groups_of(view, split, scope, values, empty)
        groups = [GroupValue(key=g.key, label=g.label, value=g.value) for g in found]
    return FigureAnswer(
        key=figure.key,
        name=figure.name,
        unit=figure.unit,
        kind=figure.kind,
        area=scope.area,
        area_name=await view.area_name(scope.area),
        first=scope.period.first,
        last=scope.period.last,
        as_of=scope.as_of or await view.as_of(),
        value=await view.whole(figure, scope),
        by=by,
        groups=groups,
        events=events_link(figure, scope),
    )


@router.get("/figures/{key}/events", summary="指标背后的事件")  # noqa: FAST003  read by AskedFigure
async def events(
    *,
    figure: AskedFigure,
    scope: AskedScope,
    others: Others,
    context: Context,
    cursor: Cursor,
    limit: Limit = 50,
) -> Page[ContributionEntry]:
    """Exactly the events behind the number; any dimension may narrow them: `&channel=web`."""
    only, after = asked_values(figure, others), key_of(cursor)

    async def read(view: View) -> list[Contribution]:
        return await contributions(view, figure, scope, only=only, after=after, limit=limit)

    rows = await look(context.database.pool, read)
    return page_of(rows, limit, _entry, lambda row: row.key)


def _entry(row: Contribution) -> ContributionEntry:
    return ContributionEntry.model_validate(row, from_attributes=True)


@router.get(
    "/summaries/work",
    summary="工作总结",
    response_model=WorkSummary,
    responses={200: {"content": {MARKDOWN: {}, DOCX: {}}}},
)
async def work_summary(
    scope: AskedScope,
    request: Request,
    context: Context,
    form: Annotated[SummaryFormat | None, Query(alias="format")] = None,
) -> Response:
    """As JSON, Markdown or a Word document: by `format`, else by the Accept header."""

    async def read(view: View) -> Summary:
        return await compose(view, scope)

    summary = await look(context.database.pool, read)
    match form or _accepted(request):
        case "md":
            return PlainTextResponse(in_markdown(summary), media_type=MARKDOWN)
        case "docx":
            name = quote(f"{summary.title}.docx")
            return Response(
                in_word(summary),
                media_type=DOCX,
                headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
            )
        case _:
            return JSONResponse(in_json(summary).model_dump(mode="json", by_alias=True))


def _accepted(request: Request) -> SummaryFormat:
    accept = request.headers.get("accept", "")
    if DOCX in accept:
        return "docx"
    return "md" if MARKDOWN in accept else "json"
