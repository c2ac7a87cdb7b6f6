"""A year of one street and its largest community, as an office would write it into the workbook.

The totals are those of a real work summary; what they are made of is invented. Members are codes:
nobody is named. A total that the summary states as a lower bound or as a target stays one.
"""

from collections.abc import Iterator
from itertools import count, cycle

from ops.demo.sheets import Line, Said, lines_of
from ops.demo.year import YEAR, share, weekdays

STREET, COMMUNITY = "410305001", "410305001001"
COMMUNITIES = tuple(f"{STREET}{number:03d}" for number in range(1, 8))
COMMITTEE = f"DW{COMMUNITY}"
BRANCHES = tuple(f"ZB{COMMUNITY}-{number:02d}" for number in range(1, 8))
"""Committee and branches of the community stand in organisations.csv."""

MEMBERS = 362
ACTIVISTS, TRAINED, POINTS_OF_FIRST_ESTATE = 10, 6, 3
FUNDS_WAN = 610
"""What was spent exactly; what is known as a lower bound stands apart."""

BEFORE = "2018-07-01"
"""Since when the branches, and whoever already belonged to them, are on the books."""
OPENED = f"{YEAR}-01-07"
MIDSUMMER = f"{YEAR}-06-30"


def workbook() -> dict[str, list[Line]]:
    """By ledger's name, what its sheet says."""
    return lines_of(_said())


def _said() -> Iterator[Said]:
    for room in (_members, _new_organisations, _activities, _service, _liaison, _books):
        yield from room()


def _members() -> Iterator[Said]:
    for number in range(MEMBERS):
        yield (
            "members",
            {
                "code": f"D{COMMUNITY}-{number + 1:04d}",
                "organisation": BRANCHES[number % len(BRANCHES)],
                "state": "full",
                "joined_on": f"{1965 + number % 50}-07-01",
                "since": BEFORE,
            },
        )
    for number in range(ACTIVISTS):
        applicant = f"J{COMMUNITY}-{number + 1:02d}"
        yield (
            "members",
            {
                "code": applicant,
                "organisation": BRANCHES[number % len(BRANCHES)],
                "state": "activist",
                "education": "junior" if number == 0 else "senior",
                "applied_on": "2018-09-01",
                "since": f"{YEAR}-03-01",
            },
        )
        if number < TRAINED:
            yield (
                "joining_steps",
                {"member": applicant, "step": "activist-training", "days": 3, "since": MIDSUMMER},
            )


def _new_organisations() -> Iterator[Said]:
    instructors = [f"ZDY{STREET}-{number}" for number in range(1, 5)]
    for instructor, name in zip(instructors, "甲乙丙丁", strict=True):
        said = {"code": instructor, "name": f"示例{name}", "area": STREET, "since": BEFORE}
        yield "instructors", said
    for number, instructor in zip(range(15), cycle(instructors), strict=False):
        code = f"LX{COMMUNITY}-{number + 1:02d}"
        social = number % 3 > 0
        yield (
            "new_organisations",
            {
                "code": code,
                "name": f"示例{'社会组织' if social else '企业'}{number + 1}",
                "kind": "social" if social else "enterprise",
                "area": COMMUNITY,
                "coverage": "attached" if social else "joint",
                "organisation": BRANCHES[number % len(BRANCHES)],
                "since": BEFORE,
            },
        )
        charge = {"instructor": instructor, "neworg": code, "since": BEFORE}
        yield "instructor_charges", charge


def _activities() -> Iterator[Said]:
    serial = count(1)

    def held(kind: str, day: str, **more: object) -> Said:
        code = f"HD-{YEAR}-{next(serial):03d}"
        said = {"code": code, "kind": kind, "organisation": COMMITTEE, "date": day}
        return "activities", {**said, **more}

    for kind, times in (("seminar", 15), ("training-session", 5), ("training-by-meeting", 12)):
        for day in weekdays(times):
            yield held(kind, day)
    for day, headcount in zip(weekdays(5), (12, 10, 11, 9, 9), strict=True):
        yield held("study-visit", day, headcount=headcount)
    yield held("warm-service", OPENED, sessions=12, sessions_bound="target")
    for community in COMMUNITIES:
        for day in weekdays(8):
            yield held("community-committee", day, organisation=f"DW{community}")
    study, winter = held("study", f"{YEAR}-07-01"), held("festivity", "2018-12-22")
    yield study
    yield winter
    for activity, kind, quantity, bound in (
        (study, "notes", 30, "at-least"),
        (study, "essay", 23, "exact"),
        (study, "reflection", 50, "exact"),
        (winter, "dumpling", 500, "at-least"),
    ):
        said = {"activity": activity[1]["code"], "kind": kind}
        yield "activity_outputs", said | {"quantity": quantity, "bound": bound}


def _service() -> Iterator[Said]:
    kinds = cycle(("elderly-care", "environment", "policy-talks", "medical-advice", "patrol"))
    serving = zip(weekdays(20), share(473, 20), kinds, strict=False)
    for number, (day, attended, kind) in enumerate(serving, 1):
        yield (
            "service_records",
            {
                "code": f"FW-{YEAR}-{number:03d}",
                "community": COMMUNITY,
                "kind": kind,
                "held_on": day,
                "attended": attended,
                "sessions": 1,
            },
        )
    yield (
        "service_statements",
        {
            "organisation": COMMITTEE,
            "measure": "menu",
            "year": YEAR,
            "quantity": 50,
            "bound": "at-least",
            "since": f"{YEAR}-12-31",
        },
    )


def _liaison() -> Iterator[Said]:
    for number, branch in enumerate(BRANCHES, 1):
        estate = 1 if number <= POINTS_OF_FIRST_ESTATE else 2
        point = f"LLD{COMMUNITY}-{number}"
        here = {"organisation": branch, "area": COMMUNITY}
        opened = {
            "code": point,
            "label": f"第{number}党群联络点",
            "estate_code": f"XQ{COMMUNITY}-{estate}",
            "estate": f"示例小区{estate}",
            "artefacts": "办公桌椅、站点工作记录本、党群联系卡",
            "opened_on": OPENED,
        }
        yield "liaison-points", opened | here
        weekly = {
            "code": f"ZB-{point}",
            "kind": "duty",
            "point": point,
            "weekdays": "周一至周五",
            "shifts": "9:00-11:00、14:30-16:30",
            "headcount": 1,
            "effective_from": OPENED,
        }
        yield "duty-rotas", weekly | here
    monthly = {
        "code": f"KC-{COMMUNITY}",
        "kind": "field-visit",
        "organisation": COMMITTEE,
        "area": COMMUNITY,
        "times_per_month": 1,
        "bound": "at-least",
        "effective_from": OPENED,
    }
    yield "duty-rotas", monthly


REGISTERS = (
    ("press-item", "全年刊登信息", 30, "at-least"),
    ("merit-list", "“我是党员向我看齐”先进党员", 38, "exact"),
    ("pledge", "党员承诺书", 23, "exact"),
    ("model-post", "党员示范岗", 4, "exact"),
    ("estate-without-manager", "无主管小区", 3, "exact"),
)
FUNDS = (
    ("base", "开放式组织生活基地", 80, "at-least", 1),
    ("base-upgrade", "基地和党建阵地提升", 30, "exact", 1),
    ("garden", "辖区小游园", 10, "at-least", 4),
    ("star-estate", "小区星级达标", 40, "at-least", 14),
    ("venue-renewal", "小区活动场所改造", 150, "at-least", 1),
    ("community-building", "社区建设经费", 350, "exact", 1),
    ("work", "工作经费", 80, "exact", 1),
    ("party-building", "党建工作经费", 70, "exact", 1),
    ("serving-residents", "服务群众专项经费", 80, "exact", 1),
)
"""Kind, label, 万元 and their bound, how many projects. All of them the street's, a year's sum."""


def _books() -> Iterator[Said]:
    for number, (kind, label, quantity, bound) in enumerate(REGISTERS, 1):
        said = {"code": f"DJ-{YEAR}-{number:02d}", "kind": kind, "label": label}
        counted = {"quantity": quantity, "bound": bound}
        yield "registers", said | {"area": COMMUNITY, "since": MIDSUMMER} | counted
    for number, (kind, label, wan, bound, quantity) in enumerate(FUNDS, 1):
        said = {"code": f"JF-{YEAR}-{number:02d}", "kind": kind, "label": label}
        counted = {"amount": f"{wan}万元", "amount_bound": bound, "quantity": quantity}
        yield "funds", said | {"area": STREET, "since": MIDSUMMER, "bound": "exact"} | counted
