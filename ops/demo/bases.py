"""What the bases of the demo year offered and held, as their office would write it down.

All of it is invented, and none of it is a visit: those of the real summary stand in visits.csv.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle

from ops.demo.sheets import Line, Said, lines_of
from ops.demo.year import YEAR, share, weekdays

DISTRICT, MAIN_BASE = "410305", "JD-01"
COMMUNITY = f"{DISTRICT}006001"
SESSIONS, LISTENERS = 36, 1420
SHOWINGS, VIEWERS = 12, 386
TRAININGS, TRAINEES = 6, 240
TOURS, TOURISTS = 3, 75
SHIFTS = 24
OPENED = date(YEAR, 6, 10)
"""When the main base was; the others follow in the course of the year."""


def workbook() -> dict[str, list[Line]]:
    """By ledger's name, what its sheet says."""
    return lines_of(_said())


def _said() -> Iterator[Said]:
    for room in (_places, _menu, _lectures, _lecturers, _occasions, _guests):
        yield from room()


DAILY = "8:00-21:00"
"""The main base is open every day, so that there is something to book on any."""
HOURS = (
    ("JD-01", OPENED, (DAILY, DAILY)),
    ("JD-02", date(YEAR, 6, 20), ("9:00-11:30、14:00-17:00", "9:00-16:00")),
    ("JD-03", date(YEAR, 7, 1), ("8:30-12:00、14:00-18:00", "闭馆")),
    ("JD-04", date(YEAR, 7, 15), ("8:30-12:00、14:30-20:30", "9:00-17:00")),
    ("JD-05", date(YEAR, 9, 2), ("9:00-12:00、14:00-17:30", "闭馆")),
    ("JD-06", date(YEAR, 10, 12), ("全天", "全天")),
)
"""Base, since when, and when it is open from Monday to Friday and at the weekend."""
WORKING = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEKEND = ("saturday", "sunday")
EQUIPMENT = (
    ("SB-01", "JD-01", "", "无线讲解器", "audio-guide", 60),
    ("SB-02", "JD-01", "JD-01-HY", "会议室投影仪", "projector", 1),
    ("SB-03", "JD-01", "", "党旗与宣誓台", "party-flag", 1),
    ("SB-04", "JD-02", "JD-02-HD", "活动室音响", "sound", 1),
    ("SB-05", "JD-03", "JD-03-KT", "课堂投影仪", "projector", 1),
    ("SB-06", "JD-04", "", "折叠桌椅", "furniture", 40),
)
CLOSURES = (
    ("JD-02", "", f"{YEAR}-08-12", f"{YEAR}-08-13", "maintenance"),
    ("JD-01", "JD-01-4F", f"{YEAR}-12-24", f"{YEAR}-12-25", "refit"),
)


def _places() -> Iterator[Said]:
    for base, since, (working, weekend) in HOURS:
        days = dict.fromkeys(WORKING, working) | dict.fromkeys(WEEKEND, weekend)
        yield "opening_hours", {"base": base, "effective_from": since.isoformat()} | days
    for code, base, venue, name, kind, quantity in EQUIPMENT:
        said = {"code": code, "base": base, "venue": venue, "name": name, "kind": kind}
        opened = next(since for each, since, _ in HOURS if each == base)
        yield "equipment", said | {"quantity": quantity, "since": opened.isoformat()}
    for base, venue, first, last, reason in CLOSURES:
        said = {"base": base, "venue": venue, "date": first, "last": last}
        yield "closures", said | {"reason_kind": reason, "since": first}


GUIDED = "XM-01"
ITEMS = (
    (GUIDED, "主展厅讲解参观", "guided-tour", 90, 60, "列队:5、四楼展厅讲解:40、五楼内厅讲解:40"),
    ("XM-02", "重温入党誓词", "oath-renewal", 30, 60, "列队:5、领誓:15（党旗）、合影:10"),
    ("XM-03", "微党课", "party-lecture", 60, 60, "授课:45、交流:15"),
    ("XM-04", "座谈交流", "discussion", 60, 40, "发言:45、小结:15"),
)
"""Of the main base: code, name, kind, minutes, the largest group and the run-sheet."""
SERVICES = (
    ("XM-11", "关爱服务队", "care", 60, 40, "分组:10、入户关爱:45、汇总:5"),
    ("XM-12", "百姓影院", "film", 90, 60, "入场:10、放映:75（投影仪）、散场:5"),
    ("XM-13", "公益活动日", "welfare", 60, 60, "分工:10、志愿服务:45、小结:5"),
    ("XM-14", "拉手屋", "hand-in-hand", 45, 30, "结对:15、谈心:30"),
    ("XM-15", "音乐社", "arts", 45, 40, "练唱:30、红歌合唱:15（音响）"),
)
"""Of every base in the district, in the same order."""
SKILLS = {"guided-tour": "exhibition", "party-lecture": "party-history", "film": "film"}
HALLS_ONLY = frozenset({"guided-tour"})
SPAN = 30
"""Minutes by which an item may be shorter or longer."""


def _menu() -> Iterator[Said]:
    offered = (({"base": "JD-01"}, ITEMS), ({"area": DISTRICT}, SERVICES))
    for by, items in offered:
        for item in items:
            yield "menu_items", by | _item(*item)
    for code, name, by, parts in (
        ("TC-01", "参观学习套餐", {"base": "JD-01"}, (GUIDED, "间歇10", "XM-02", "XM-03")),
        ("TC-02", "红色套餐", {"area": DISTRICT}, _with_pauses([each[0] for each in SERVICES])),
    ):
        said = {"code": code, "name": name, "parts": "、".join(parts)}
        yield "packages", said | by | {"since": OPENED.isoformat()}


def _item(
    code: str, name: str, kind: str, minutes: int, most: int, steps: str
) -> dict[str, object]:
    said: dict[str, object] = {
        "code": code,
        "name": name,
        "kind": kind,
        "duration_minutes": minutes,
        "least_minutes": max(minutes - SPAN, 30),
        "most_minutes": minutes + SPAN,
        "least_headcount": 5,
        "most_headcount": most,
        "steps": steps,
        "since": OPENED.isoformat(),
    }
    if kind in HALLS_ONLY:
        said["venue_kinds"] = "展厅"
    if kind in SKILLS:
        said |= {"skill_code": SKILLS[kind], "lecturer_count": 1}
    return said


def _with_pauses(codes: Sequence[str]) -> Sequence[str]:
    first, *others = codes
    return [first, *(part for code in others for part in ("间歇10", code))]


LECTURE_HALLS = (
    ("JT-01", "社区新时代大讲堂", "grand-hall", {"area": COMMUNITY}),
    ("JT-02", "街道新时代讲习所", "study-hall", {"area": f"{DISTRICT}004"}),
    ("JT-03", "邻里社区学堂", "community-school", {"area": COMMUNITY}),
    ("JT-04", "基地讲习所", "study-hall", {"base": "JD-03"}),
)
HALLS_OPENED = f"{YEAR}-07-01"
COURSES = (
    ("KC-01", "党的创新理论宣讲", "theory", "JT-01", "members"),
    ("KC-02", "身边的家风", "morals", "JT-01", "everybody"),
    ("KC-03", "政策解读", "policy", "JT-02", "everybody"),
    ("KC-04", "党史故事会", "history", "JT-03", "youth"),
    ("KC-05", "居民健康课", "health", "JT-03", "elderly"),
    ("KC-06", "入党积极分子课堂", "discipline", "JT-04", "applicants"),
)


def _lectures() -> Iterator[Said]:
    for code, name, kind, where in LECTURE_HALLS:
        said = {"code": code, "name": name, "kind": kind, "opened_on": HALLS_OPENED}
        yield "lecture_halls", said | where
    for code, name, kind, hall, audience in COURSES:
        said = {"code": code, "name": name, "kind": kind, "hall": hall}
        yield "courses", said | {"audience_kind": audience, "since": HALLS_OPENED}
    days = weekdays(SESSIONS, date.fromisoformat(HALLS_OPENED))
    held = zip(days, share(LISTENERS, SESSIONS), cycle(COURSES), strict=False)
    for number, (day, attended, course) in enumerate(held, 1):
        said = {"code": f"JX-{YEAR}-{number:03d}", "course": course[0], "date": day}
        yield "sessions", said | {"start": "15:00", "end": "16:30", "attended": attended}


LECTURER = "JS-01"
TEAM = (
    (LECTURER, "测试甲", "讲解员、讲师", "展厅讲解、党史", "volunteer", "JD-01"),
    ("JS-02", "测试乙", "讲解员", "展厅讲解", "volunteer", "JD-01"),
    ("JS-03", "测试丙", "讲师", "党史、理论宣讲", "guest", ""),
    ("JS-04", "测试丁", "主持人", "主持仪式", "staff", ""),
    ("JS-05", "测试戊", "放映员", "放映", "volunteer", ""),
)
"""Code, name, roles, skills, engagement and base. Their names are as invented as they look."""


def _lecturers() -> Iterator[Said]:
    for code, name, roles, skills, engagement, base in TEAM:
        said = {"code": code, "name": name, "roles": roles, "skills": skills, "base": base}
        engaged = {"engagement": engagement, "engaged_on": OPENED.isoformat()}
        yield "lecturers", said | engaged | {"area": DISTRICT}
    guides = cycle(code for code, _, roles, *_ in TEAM if "讲解员" in roles)
    for day, guide in zip(weekdays(SHIFTS, OPENED), guides, strict=False):
        said = {"base": "JD-01", "lecturer": guide, "day": day}
        yield "guide_shifts", said | {"begins": "09:00", "ends": "12:00"}


OCCASIONS = (
    (
        "film",
        ("JD-04", "JD-04-HD"),
        SHOWINGS,
        VIEWERS,
        ("party-history", "revolution", "role-model", "achievement"),
    ),
    ("training", ("JD-03", "JD-03-KT"), TRAININGS, TRAINEES, ("training",)),
    ("tour", ("JD-01", ""), TOURS, TOURISTS, ("work", "bases", "branches")),
)
"""What was held, at which base and venue, how often, before how many in all, of which kinds."""
ALL_OPEN = date(YEAR, 7, 15)


def _occasions() -> Iterator[Said]:
    for sort, (base, venue), times, persons, kinds in OCCASIONS:
        held = zip(weekdays(times, ALL_OPEN), share(persons, times), cycle(kinds), strict=False)
        for number, (day, headcount, kind) in enumerate(held, 1):
            yield (
                f"{sort}-occasions",
                {
                    "number": f"{sort}-{YEAR}-{number:03d}",
                    "date": day,
                    "start": "15:00",
                    "kind": kind,
                    "base": base,
                    "venue": venue,
                    "headcount": headcount,
                },
            )


def _guests() -> Iterator[Said]:
    for number, (name, level) in enumerate(
        (
            ("示例省直机关学习考察团", "province"),
            ("示例市国企党支部联合考察团", "city"),
            ("示例驻区高校党支部", "district"),
        ),
        1,
    ):
        said = {"code": f"LF-{number:02d}", "name": name, "visitor_level": level}
        yield "guests", said | {"area": DISTRICT, "since": OPENED.isoformat()}
