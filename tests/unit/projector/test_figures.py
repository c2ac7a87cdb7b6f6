"""The declarations themselves: what they promise to catalogue, console and summary."""

import re

import pytest

from contracts.bases.bookings import BookingRequested
from contracts.bases.visits import VisitCompleted
from services.projector.declare import Absent, Catalogue, Dimension, Flow, Misdeclared, Ratio, adds
from services.projector.figures import CATALOGUE
from services.projector.model import fingerprint
from tests import walks

KIND = Dimension("base_kind", "基地类型", "base_kind")


def flow(key: str = "test.flow", **given: object) -> Flow:
    return Flow(key, "名称", "次", "说明", **{"reads": adds(VisitCompleted), **given})  # type: ignore[arg-type]


@walks.over(CATALOGUE.figures)
def test_every_figure_is_named_in_chinese_under_a_key_of_its_service(figure: Flow) -> None:
    assert re.fullmatch(r"(bases|cobuilding|membership)\.[a-z_]+", figure.key)
    assert re.search(r"[\u4e00-\u9fff]", figure.name)
    assert figure.describes
    assert figure.unit


def test_a_ratio_can_be_split_by_what_its_parts_have_in_common() -> None:
    rate = CATALOGUE.figures["bases.no_show_rate"]
    assert {"channel", "visitor_level", "base_kind"} <= CATALOGUE.dimensions_of(rate).keys()


def test_an_absent_figure_can_be_split_as_its_stock_can() -> None:
    unvisited = CATALOGUE.figures["bases.unvisited_bases"]
    assert list(CATALOGUE.dimensions_of(unvisited)) == ["base_kind"]


@pytest.mark.parametrize(
    ("figures", "complaint"),
    [
        ([flow(), flow()], "declared twice"),
        ([flow(reads=())], "reads no event"),
        ([flow(reads=adds(VisitCompleted, "height"))], "height"),
        ([flow(reads=adds(VisitCompleted, colour="red"))], "colour"),
        ([flow(dimensions=(Dimension("x", "甲", "colour"),))], "colour"),
        ([Ratio("test.r", "名称", "%", "说明", over=("test.none",))], "test.none"),
        ([flow(), Absent("test.a", "名称", "个", "说明", among="test.flow")], "no stock"),
    ],
)
def test_a_declaration_that_cannot_be_folded_is_refused(
    figures: list[Flow], complaint: str
) -> None:
    with pytest.raises(Misdeclared, match=complaint):
        Catalogue(figures, ())


def test_the_fingerprint_changes_with_what_is_folded_and_not_with_the_wording() -> None:
    def of(figure: Flow) -> str:
        return fingerprint(Catalogue([figure], ()))

    assert of(flow()) == of(Flow("test.flow", "别名", "件", "别的说明", reads=adds(VisitCompleted)))
    assert of(flow()) != of(flow(reads=adds(BookingRequested)))
    assert of(flow()) != of(flow(dimensions=(KIND,)))
