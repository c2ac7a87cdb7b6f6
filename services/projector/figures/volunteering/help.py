"""Help files, pairs, visits and micro-wishes."""

from contracts.kinds.volunteering import (
    DifficultyKind,
    HelpGrade,
    WishKind,
)
from contracts.membership.volunteering import (
    HelperPaired,
    HelperUnpaired,
    HelpFileClosed,
    HelpFileOpened,
    HelpFileRegraded,
    HelpVisited,
)
from contracts.membership.volunteering.wishes import (
    MicroWishClaimed,
    MicroWishCollected,
    MicroWishFulfilled,
    MicroWishReleased,
)
from services.projector.declare import (
    Dimension,
    Flow,
    Ratio,
    Stock,
    adds,
    moves,
    removes,
)
from services.projector.figures.volunteering.common import said

GRADE = Dimension.of_family("help_grade", "帮扶等级", "help_grade", HelpGrade, read="grade_kind")
DIFFICULTY = Dimension.of_family(
    "difficulty", "困难分类", "difficulty", DifficultyKind, read="difficulty_kind"
)
WISH_KIND = Dimension.of_family("wish_kind", "微心愿类别", "wish", WishKind)
OF_FILE = (GRADE, DIFFICULTY)
OF_WISH = (WISH_KIND, DIFFICULTY)

HELP = (
    Stock(
        "membership.help_files",
        "民情档案",
        "户",
        "期末经家庭同意建立、尚未到期的民情档案户数",
        clauses=(said(4, "建立民情档案{n}，其中{each}", split="help_grade"),),
        reads=(
            *adds(HelpFileOpened),
            *moves(HelpFileRegraded),
            *removes(HelpFileClosed),
        ),
        dimensions=OF_FILE,
    ),
    Stock(
        "membership.help_pairs",
        "帮扶对子",
        "对",
        "期末党员与困难家庭结成的帮扶对子数",
        clauses=(said(4, "结成帮扶对子{n}", joint="；"),),
        reads=(
            *adds(HelperPaired),
            *removes(HelperUnpaired),
            *moves(HelpFileRegraded, "helper_count"),
            *removes(HelpFileClosed, "helper_count"),
        ),
        dimensions=OF_FILE,
    ),
    Flow(
        "membership.help_visits",
        "帮扶走访",
        "次",
        "本期帮扶党员走访困难家庭的次数",
        clauses=(said(4, "走访帮扶{n}"),),
        reads=adds(HelpVisited),
        dimensions=OF_FILE,
    ),
)

WISHES = (
    Flow(
        "membership.wishes_collected",
        "征集微心愿",
        "个",
        "本期征集的微心愿数",
        clauses=(said(5, "征集微心愿{n}"),),
        reads=adds(MicroWishCollected),
        dimensions=OF_WISH,
    ),
    Flow(
        "membership.wishes_claimed",
        "认领微心愿",
        "个",
        "本期认领的微心愿数，已扣除退回的认领",
        clauses=(said(5, "认领{n}"),),
        reads=(*adds(MicroWishClaimed), *removes(MicroWishReleased)),
        dimensions=OF_WISH,
    ),
    Flow(
        "membership.wishes_fulfilled",
        "实现微心愿",
        "个",
        "本期实现的微心愿数",
        clauses=(said(5, "实现{n}"),),
        reads=adds(MicroWishFulfilled),
        dimensions=OF_WISH,
    ),
    Ratio(
        "membership.wishes_fulfilled_rate",
        "微心愿实现率",
        "%",
        "本期实现的占本期征集的百分比；往期征集、本期实现的也计入分子",
        over=("membership.wishes_fulfilled",),
        under=("membership.wishes_collected",),
        scale=100,
    ),
)
