"""Ledgers of what was held for people at bases: 观影, 培训 and 巡回观摩."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from contracts.kinds.labelled import Labelled
from contracts.kinds.visits import BaseTrainingKind, FilmKind, OccasionSort, TourKind
from ops.ledger.ledgers.bases import venue_in_base
from ops.ledger.ledgers.common import base, choice, clock, code, day, people
from ops.ledger.model import Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL

MEMBERS = ("base_id", "venue_id", "organisation_id")


WHEN = (
    day("日期", "date", "开展日期，如 2019-06-08；不能晚于今天", "2019-06-18", sends="started_at"),
    clock("开始时间", "start", "24 小时制，如 09:00", "09:00", sends="started_at"),
)
WHERE_AND_WHO = (
    base("所在基地的代码，须已登记或在“基地”表中"),
    code(
        "场馆代码",
        "venue",
        refers="venues",
        sends="venue_id",
        takes="所在场馆的代码，须属于该基地；可空",
        required=False,
        example="JD-01-5F",
    ),
    code(
        "参加组织代码",
        "organisation",
        refers="organisations",
        sends="organisation_id",
        takes="参加党组织的组织代码；不限一家或不清楚的空着",
        required=False,
        example="ZB410305001001-01",
    ),
    people("人次", "headcount", "到场人次，整数，不带单位", "28", aliases=("人数", "参加人次")),
)


def _body(sort: OccasionSort) -> Callable[[Row], dict[str, Any]]:
    def body(row: Row) -> dict[str, Any]:
        values = row.values
        day, at = values["date"], values["start"]
        if not (isinstance(day, date) and isinstance(at, time)):
            raise TypeError("it needs a day and a time")
        found: dict[str, Any] = {
            "sort": sort.value,
            "kind": values["kind"],
            "headcount": values["headcount"],
            "started_at": datetime.combine(day, at, LOCAL).isoformat(),
        }
        for member in MEMBERS:
            field = member.removesuffix("_id")
            if values.get(field) is not None:
                found[member] = (row.target(field) or {}).get(member)
        return found

    return body


def _same(sort: OccasionSort) -> Callable[[Mapping[str, Any]], object]:
    def same(said: Mapping[str, Any]) -> object:
        """All that the ledger says of it. One that came of a visit is none of the ledger's."""
        if said.get("visit_id") or said["sort"] != sort:
            return None
        return (
            *(str(said.get(name) or "") for name in (*MEMBERS, "kind", "headcount")),
            datetime.fromisoformat(said["started_at"]).astimezone(LOCAL),
        )

    return same


def _ledger(sort: OccasionSort, heading: str, labels: type[Labelled], example: str) -> Ledger:
    return Ledger(
        name=f"{sort.value}-occasions",
        sheet=sort.label,
        about=f"在基地开展的{sort.label}，一行一场；随来访开展的填在“接待”表，不在此重复",
        service="bases",
        collection="/v1/occasions",
        path="/v1/occasions",
        named_by=("base", "number"),
        settle=venue_in_base,
        body=_body(sort),
        same=_same(sort),
        hears=frozenset({"organisation-unknown"}),
        columns=(
            code(
                "台账编号",
                "number",
                takes="纸质台账上的编号，可空；填了以编号识别，同一编号只导入一次",
                required=False,
                sends="",
                example=f"{sort.value}-2019-001",
            ),
            *WHEN,
            choice(
                heading,
                "kind",
                sort.value,
                "、".join(each.label for each in labels),
                example,
                width=20,
            ),
            *WHERE_AND_WHO,
        ),
    )


VOCABULARY: Vocabulary = {
    "film": {each.value: each.label for each in FilmKind},
    "training": {each.value: each.label for each in BaseTrainingKind},
    "tour": {each.value: each.label for each in TourKind},
}
LEDGERS: tuple[Ledger, ...] = (
    _ledger(OccasionSort.FILM, "影片", FilmKind, FilmKind.PARTY_HISTORY.label),
    _ledger(OccasionSort.TRAINING, "培训类别", BaseTrainingKind, BaseTrainingKind.TRAINING.label),
    _ledger(OccasionSort.TOUR, "观摩类别", TourKind, TourKind.WORK.label),
)
