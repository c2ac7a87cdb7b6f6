"""Figures of what visits were besides: cross-unit, on off days, films, trainings, tours."""

from contracts.bases.bookings import BookingCompleted
from contracts.bases.visits import (
    FilmShown,
    FilmWithdrawn,
    TourCompleted,
    TourWithdrawn,
    TrainingCompleted,
    TrainingWithdrawn,
    VisitCompleted,
    VisitCorrected,
    VisitWithdrawn,
)
from contracts.kinds.visits import BaseTrainingKind, FilmKind, TourKind
from services.projector.declare import (
    Clause,
    Dimension,
    Flow,
    Naming,
    Ratio,
    Section,
    adds,
    moves,
    removes,
)
from services.projector.figures.bases import BASE, BASE_KIND, OF_BOOKING, OF_VISIT, ORGANISATION

FILM = Dimension.of_family("film", "影片", "film", FilmKind, read="kind")
TRAINING = Dimension.of_family("training_kind", "培训类别", "training", BaseTrainingKind, "kind")
TOUR = Dimension.of_family("tour_kind", "巡回观摩类别", "tour", TourKind, read="kind")
PLACE = (BASE_KIND, BASE, ORGANISATION)

VISITS = (
    Flow(
        "bases.cross_unit_visits",
        "跨组织开展的活动",
        "批次",
        "本期两个以上党组织共同到访的批次数",
        clauses=(Clause(Section.VISITS, 7, "跨单位、跨组织开展活动{n}"),),
        reads=(
            *adds(VisitCompleted, cross_unit=True),
            *moves(VisitCorrected, cross_unit=True),
            *removes(VisitWithdrawn, cross_unit=True),
        ),
        dimensions=OF_VISIT,
    ),
    Flow(
        "bases.off_day_visits",
        "非工作日接待",
        "次",
        "本期在非工作日如约到访的预约次数",
        clauses=(Clause(Section.VISITS, 7, "非工作日接待{n}"),),
        reads=adds(BookingCompleted, off_day=True),
        dimensions=OF_BOOKING,
    ),
    Flow(
        "bases.persons_expected",
        "如约到访的预约人次",
        "人次",
        "本期完成的预约原报的人次",
        reads=adds(BookingCompleted, "headcount"),
        dimensions=OF_BOOKING,
    ),
    Flow(
        "bases.persons_honoured",
        "如约到访的实到人次",
        "人次",
        "本期完成的预约实到的人次",
        reads=(
            *adds(BookingCompleted, "actual_headcount"),
            *moves(VisitCorrected, "actual_headcount", booked=True),
        ),
        dimensions=OF_BOOKING,
    ),
    Ratio(
        "bases.turnout_rate",
        "实到率",
        "%",
        "如约到访的实到人次占预约人次的百分比",
        clauses=(Clause(Section.VISITS, 6, "实到人次为预约人次的{n}"),),
        over=("bases.persons_honoured",),
        under=("bases.persons_expected",),
        scale=100,
    ),
)

OCCASIONS = (
    Flow(
        "bases.film_showings",
        "党性教育影片放映",
        "场次",
        "本期在基地放映党性教育影片的场次数",
        clauses=(Clause(Section.VISITS, 8, "播放党性教育影片{n}"),),
        reads=(*adds(FilmShown), *removes(FilmWithdrawn)),
        dimensions=(FILM, *PLACE),
    ),
    Flow(
        "bases.film_viewers",
        "观影人次",
        "人次",
        "本期观看党性教育影片的人次",
        clauses=(Clause(Section.VISITS, 8, "观影{n}", joint="、"),),
        reads=(*adds(FilmShown, "headcount"), *removes(FilmWithdrawn, "headcount")),
        dimensions=(FILM, *PLACE),
    ),
    Flow(
        "bases.trainings",
        "基地培训",
        "场次",
        "本期在基地举办培训的场次数",
        clauses=(Clause(Section.VISITS, 9, "举办党务工作等培训{n}"),),
        reads=(*adds(TrainingCompleted), *removes(TrainingWithdrawn)),
        dimensions=(TRAINING, *PLACE),
    ),
    Flow(
        "bases.trainees",
        "基地培训人次",
        "人次",
        "本期在基地参加培训的人次",
        clauses=(Clause(Section.VISITS, 9, "培训{n}", joint="、"),),
        reads=(*adds(TrainingCompleted, "headcount"), *removes(TrainingWithdrawn, "headcount")),
        dimensions=(TRAINING, *PLACE),
    ),
    Flow(
        "bases.tours",
        "巡回观摩活动",
        "场次",
        "本期在基地开展巡回观摩的场次数",
        clauses=(Clause(Section.VISITS, 10, "开展巡回观摩{n}"),),
        reads=(*adds(TourCompleted), *removes(TourWithdrawn)),
        dimensions=(TOUR, *PLACE),
    ),
    Flow(
        "bases.tour_persons",
        "巡回观摩人次",
        "人次",
        "本期参加巡回观摩的人次",
        clauses=(Clause(Section.VISITS, 10, "观摩{n}", joint="、"),),
        reads=(*adds(TourCompleted, "headcount"), *removes(TourWithdrawn, "headcount")),
        dimensions=(TOUR, *PLACE),
    ),
)

FIGURES = (*VISITS, *OCCASIONS)
NAMES: tuple[Naming, ...] = ()
