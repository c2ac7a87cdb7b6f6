"""Figures of what visitors say of their visits. What changes a score counts on its own day."""

from contracts.bases.feedback import BookingFeedbackChanged, BookingFeedbackGiven
from contracts.kinds.feedback import FeedbackVerdict
from services.projector.declare import Clause, Dimension, Flow, Naming, Ratio, Section, adds, moves
from services.projector.figures.bases import BASE, BASE_KIND, ORGANISATION, VISITOR_LEVEL

VERDICT = Dimension.of_kinds("verdict", "满意程度", FeedbackVerdict)
OF_RATING = (VISITOR_LEVEL, BASE_KIND, BASE, ORGANISATION)

FIGURES = (
    Flow(
        "bases.feedback",
        "评价",
        "条",
        "本期收到的来访评价数",
        clauses=(Clause(Section.VISITS, 13, "收到来访评价{n}"),),
        reads=(*adds(BookingFeedbackGiven), *moves(BookingFeedbackChanged)),
        dimensions=(VERDICT, *OF_RATING),
    ),
    Flow(
        "bases.feedback_score",
        "评分合计",
        "分",
        "本期各条评价的评分之和，改分的差额计入修改之日",
        reads=(
            *adds(BookingFeedbackGiven, "score"),
            *moves(BookingFeedbackChanged, "score"),
        ),
        dimensions=OF_RATING,
    ),
    Flow(
        "bases.feedback_satisfied",
        "满意的评价",
        "条",
        "本期评 4 分或 5 分的评价数",
        reads=(
            *adds(BookingFeedbackGiven, verdict=FeedbackVerdict.SATISFIED),
            *moves(BookingFeedbackChanged, verdict=FeedbackVerdict.SATISFIED),
        ),
        dimensions=OF_RATING,
    ),
    Ratio(
        "bases.feedback_average",
        "平均评分",
        "分",
        "评分合计除以评价数，满分 5 分",
        clauses=(Clause(Section.VISITS, 13, "平均{n}"),),
        over=("bases.feedback_score",),
        under=("bases.feedback",),
        digits=2,
    ),
    Ratio(
        "bases.feedback_satisfaction",
        "来访满意率",
        "%",
        "满意的评价占全部评价的百分比",
        clauses=(Clause(Section.VISITS, 13, "满意率{n}"),),
        over=("bases.feedback_satisfied",),
        under=("bases.feedback",),
        scale=100,
    ),
)

NAMES: tuple[Naming, ...] = ()
