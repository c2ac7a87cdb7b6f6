"""Figures of the organisations' books. Lower bounds and targets stand beside counts."""

from dataclasses import replace

from contracts.kinds.books import (
    Book,
    Bound,
    Duration,
    FundKind,
    ProfileKind,
    Rank,
    RegisterKind,
    TaskKind,
    TaskState,
)
from contracts.membership.books import (
    EntryCorrected,
    EntryEnded,
    EntryEntered,
    EntryWithdrawn,
    ProfileCorrected,
    ProfileRebased,
    ProfileStated,
    ProfileWithdrawn,
    TaskMoved,
)
from services.projector.declare import (
    Clause,
    Counted,
    Dimension,
    Figure,
    Flow,
    Naming,
    Ratio,
    Reads,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

COUNTED_IN = {
    "名": (RegisterKind.ROLE_MODEL, RegisterKind.MERIT_LIST, RegisterKind.SERVICE_STAR),
    "份": (RegisterKind.PLEDGE, RegisterKind.REFLECTION),
    "篇": (RegisterKind.ESSAY, RegisterKind.PRESS_ITEM),
    "次": (RegisterKind.VIDEO_PLAY, RegisterKind.BENEFIT, RegisterKind.SATISFACTION_SURVEY),
    "处": (RegisterKind.PREMISES, RegisterKind.ACTIVITY_PLACE, RegisterKind.DISPLAY_UPDATE),
    "家": (RegisterKind.MODEL_SHOP, RegisterKind.SERVICE_STATION),
    "本": (RegisterKind.CERTIFICATE,),
    "个": (
        *(RegisterKind.BRAND, RegisterKind.DEMONSTRATION_SITE, RegisterKind.DELEGATE_STUDIO),
        *(RegisterKind.STUDIO, RegisterKind.CHANNEL, RegisterKind.MODEL_POST),
        *(RegisterKind.ESTATE_WITHOUT_MANAGER, RegisterKind.ALLIANCE),
        *(RegisterKind.CENTRE_BUILT, RegisterKind.CULTURE_SQUARE),
    ),
}
"""Whatever else is registered is counted in 项."""

REGISTER_KIND = replace(
    Dimension.of_family("register_kind", "登记类别", "register", RegisterKind, "kind"),
    units={kind.value: unit for unit, kinds in COUNTED_IN.items() for kind in kinds},
)
FUND_KIND = Dimension.of_family("fund_kind", "经费类别", "fund", FundKind, "kind")
TASK_KIND = Dimension.of_family("task_kind", "任务类别", "task", TaskKind, "kind")
PROFILE_KIND = Dimension.of_family("profile_kind", "概况类别", "profile", ProfileKind, "kind")
RANK = Dimension.of_kinds("rank", "级别", Rank)
STATE = Dimension.of_kinds("state", "状态", TaskState)

FEN_IN_WAN = 1_000_000


def entries(amount: str, **where: str) -> tuple[Reads, ...]:
    """Entered, corrected, withdrawn: whatever became of it, dated when it belongs."""
    return (
        *adds(EntryEntered, amount, **where),
        *moves(EntryCorrected, amount, **where),
        *removes(EntryWithdrawn, amount, **where),
    )


def counted(
    figure: type[Counted], key: str, name: str, unit: str, duration: Duration, bound: Bound
) -> Counted:
    where = {"book": Book.REGISTER.value, "duration": duration.value, "bound": bound.value}
    ends = removes(EntryEnded, "quantity", **where) if duration is Duration.STANDING else ()
    suffix, more = SUFFIX[bound]
    return figure(
        f"{key}{suffix}",
        f"{name}{more}",
        unit,
        f"{DESCRIBES[duration]}，{bound.label}",
        clauses=CLAUSES.get((duration, bound), ()),
        reads=(*entries("quantity", **where), *ends),
        dimensions=(REGISTER_KIND, RANK),
    )


SUFFIX = {
    Bound.EXACT: ("", ""),
    Bound.AT_LEAST: ("_at_least", "（不少于）"),
    Bound.TARGET: ("_target", "（目标）"),
}
DESCRIBES = {
    Duration.ONCE: "本期登记的一次性事项数量之和",
    Duration.STANDING: "期末在册事项数量之和",
}
CLAUSES = {
    (Duration.STANDING, Bound.EXACT): (
        Clause(Section.BOOKS, 2, "在册{each}", split=REGISTER_KIND.key),
    ),
    (Duration.ONCE, Bound.EXACT): (
        Clause(Section.BOOKS, 3, "本期登记{each}", split=REGISTER_KIND.key),
    ),
    (Duration.ONCE, Bound.AT_LEAST): (
        Clause(Section.BOOKS, 3, "另有{each}（不少于此数）", split=REGISTER_KIND.key, joint="；"),
    ),
}

REGISTERS = tuple(
    counted(figure, key, name, "项", duration, bound)
    for figure, key, name, duration in (
        (Flow, "membership.register_entries", "登记事项", Duration.ONCE),
        (Stock, "membership.register_standing", "在册事项", Duration.STANDING),
    )
    for bound in Bound
)


def funds(bound: Bound, *clauses: Clause) -> tuple[Flow, Flow]:
    suffix, more = SUFFIX[bound]
    fund = {"book": Book.FUND.value}
    return (
        Flow(
            f"membership.funds{suffix}",
            f"经费投入{more}",
            "万元",
            f"本期各类经费之和，金额为{bound.label}",
            clauses=clauses,
            reads=entries("amount_fen", amount_bound=bound.value, **fund),
            dimensions=(FUND_KIND,),
            per=FEN_IN_WAN,
        ),
        Flow(
            f"membership.funded{suffix}",
            f"经费建设项目{more}",
            "处",
            f"本期经费投入的项目数量（处、个）之和，数量为{bound.label}",
            reads=entries("quantity", bound=bound.value, **fund),
            dimensions=(FUND_KIND,),
        ),
    )


FUNDS = (
    *funds(
        Bound.EXACT,
        Clause(Section.BOOKS, 1, "投入各类经费共{n}，其中{each}", split=FUND_KIND.key),
    ),
    *funds(
        Bound.AT_LEAST,
        Clause(Section.BOOKS, 1, "另有{each}（不少于此数）", split=FUND_KIND.key, joint="；"),
    ),
    *funds(Bound.TARGET),
)

OF_TASK = {"book": Book.TASK.value}
TASKS = (
    Flow(
        "membership.tasks_assigned",
        "下达的任务",
        "项",
        "本期下达的责任书、清单和台账任务数",
        clauses=(Clause(Section.BOOKS, 4, "下达责任和任务{n}，其中{each}", split=TASK_KIND.key),),
        reads=(*adds(EntryEntered, **OF_TASK), *removes(EntryWithdrawn, **OF_TASK)),
        dimensions=(TASK_KIND,),
    ),
    Flow(
        "membership.tasks_done",
        "完成的任务",
        "项",
        "本期完成的任务数，重新启动的不计",
        clauses=(Clause(Section.BOOKS, 4, "完成{n}"),),
        reads=(
            *adds(TaskMoved, state=TaskState.DONE.value),
            Reads(TaskMoved, sign=-1, before=True, where={"state": TaskState.DONE.value}),
        ),
        dimensions=(TASK_KIND,),
    ),
    Stock(
        "membership.tasks",
        "任务",
        "项",
        "期末各状态的任务数",
        reads=(
            *adds(EntryEntered, **OF_TASK),
            *moves(TaskMoved),
            *removes(EntryWithdrawn, **OF_TASK),
        ),
        dimensions=(STATE, TASK_KIND),
    ),
    Ratio(
        "membership.task_completion_rate",
        "任务完成率",
        "%",
        "本期完成的任务占本期下达任务的百分比",
        over=("membership.tasks_done",),
        under=("membership.tasks_assigned",),
        scale=100,
    ),
)

PROFILE = (
    Stock(
        "membership.profile",
        "辖区概况数字",
        "（单位见类别）",
        "期末有效的概况数字，须按概况类别查看",
        reads=tuple(
            Reads(event, "change")
            for event in (ProfileStated, ProfileCorrected, ProfileRebased, ProfileWithdrawn)
        ),
        dimensions=(PROFILE_KIND,),
    ),
)

FIGURES: tuple[Figure, ...] = (*REGISTERS, *FUNDS, *TASKS, *PROFILE)
NAMES: tuple[Naming, ...] = ()
