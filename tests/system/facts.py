"""A year of one community as an office would write it down: one workbook whose totals are known.

The totals are those of a real work summary; who is meant is invented, and nobody is named.
"""

from collections.abc import Iterator
from itertools import count

from ops.ledger.ledgers import BY_NAME, VOCABULARY

DISTRICT, STREET, COMMUNITY, NEXT = "410305", "410305001", "410305001001", "410305001002"
BRANCHES = [f"ZB-{number}" for number in range(1, 8)]
MEMBERS = 362
JUNE = "2019-06-30"

Line = dict[str, str]
Said = tuple[str, dict[str, object]]
"""A ledger, and what one of its lines says by fields."""


def label(family: str, code: str) -> str:
    return VOCABULARY[family][code]


def line(ledger: str, **fields: object) -> Line:
    """A line of a sheet, by fields; codes are written as their labels."""
    found = {}
    for name, value in fields.items():
        column = BY_NAME[ledger].column(name)
        assert column is not None, f"{ledger} has no {name}"
        known = VOCABULARY.get(column.family or "", {})
        found[column.heading] = known.get(str(value), str(value))
    return found


def workbook() -> dict[str, list[Line]]:
    """By ledger, what its sheet says."""
    sheets: dict[str, list[Line]] = {}
    for ledger, said in _lines():
        sheets.setdefault(ledger, []).append(line(ledger, **said))
    return sheets


def _lines() -> Iterator[Said]:
    yield from _tree()
    yield from _members()
    yield from _new_organisations()
    yield from _life()
    yield from _service()
    yield from _liaison()
    yield from _books()


def _tree() -> Iterator[Said]:
    names = {DISTRICT: "涧西区", STREET: "湖北路街道", COMMUNITY: "唐村社区", NEXT: "武汉路社区"}
    for code, name in names.items():
        yield "areas", {"code": code, "name": name}
    since = {"since": "2010-07-01"}
    committee = {"kind": "community-committee", **since}
    yield (
        "organisations",
        {
            "code": "GW-1",
            "name": "街道党工委",
            "kind": "working-committee",
            "area": STREET,
            **since,
        },
    )
    for code, area in (("DW-1", COMMUNITY), ("DW-2", NEXT)):
        name = f"{names[area]}党委"
        yield (
            "organisations",
            {"code": code, "name": name, "area": area, "parent": "GW-1"} | committee,
        )
    for number, code in enumerate(BRANCHES, 1):
        yield (
            "organisations",
            {
                "code": code,
                "name": f"唐村社区第{number}党支部",
                "kind": "community-branch",
                "area": COMMUNITY,
                "parent": "DW-1",
                "starting_full_members": 3,
                **since,
            },
        )


def _members() -> Iterator[Said]:
    for number in range(MEMBERS):
        yield (
            "members",
            {
                "code": f"D-{number:03d}",
                "organisation": BRANCHES[number % len(BRANCHES)],
                "state": "full",
                "joined_on": "2001-07-01",
                "since": "2011-01-01",
            },
        )
    for number in range(10):
        yield (
            "members",
            {
                "code": f"J-{number:02d}",
                "organisation": BRANCHES[number % len(BRANCHES)],
                "state": "activist",
                "education": "junior" if number == 0 else "senior",
                "applied_on": "2018-09-01",
                "since": "2019-03-01",
            },
        )
    for number in range(6):
        yield (
            "joining_steps",
            {"member": f"J-{number:02d}", "step": "activist-training", "days": 3, "since": JUNE},
        )


def _new_organisations() -> Iterator[Said]:
    for number in range(4):
        yield (
            "instructors",
            {"code": f"ZD-{number}", "name": "测试甲", "area": STREET, "since": "2018-07-01"},
        )
    for number in range(15):
        yield (
            "new_organisations",
            {
                "code": f"LX-{number:02d}",
                "name": f"测试两新组织{number}",
                "kind": "social" if number % 3 else "enterprise",
                "area": COMMUNITY,
                "coverage": "due",
                "since": "2018-01-01",
            },
        )
        yield (
            "instructor_charges",
            {"instructor": f"ZD-{number % 4}", "neworg": f"LX-{number:02d}", "since": "2018-07-01"},
        )


def _life() -> Iterator[Said]:
    serial = count(1)

    def held(kind: str, organisation: str = "DW-1", **more: object) -> Said:
        code = f"HD-{next(serial):03d}"
        return (
            "activities",
            {"code": code, "kind": kind, "organisation": organisation, "date": JUNE} | more,
        )

    yield held("seminar", sessions=15)
    yield held("study-visit", headcount=51)
    yield held("training-session", sessions=5)
    yield held("training-by-meeting", sessions=12)
    yield held("warm-service", sessions=12, sessions_bound="target")
    festivity = held("festivity", date="2018-12-22")
    yield festivity
    for organisation in ("DW-1", "DW-2"):
        for month in range(1, 9):
            yield held("community-committee", organisation, date=f"2019-{month:02d}-10")
    study = held("study", date="2019-07-01")
    yield study
    for kind, quantity, bound in (
        ("notes", 30, "at-least"),
        ("essay", 23, "exact"),
        ("reflection", 50, "exact"),
    ):
        yield (
            "activity_outputs",
            {"activity": study[1]["code"], "kind": kind, "quantity": quantity, "bound": bound},
        )
    yield (
        "activity_outputs",
        {
            "activity": festivity[1]["code"],
            "kind": "dumpling",
            "quantity": 500,
            "bound": "at-least",
        },
    )


def _service() -> Iterator[Said]:
    yield (
        "service_records",
        {
            "code": "FW-1",
            "community": COMMUNITY,
            "kind": "elderly-care",
            "held_on": JUNE,
            "attended": 473,
            "sessions": 20,
        },
    )
    yield (
        "service_statements",
        {
            "organisation": "DW-1",
            "measure": "menu",
            "year": 2019,
            "quantity": 50,
            "bound": "at-least",
            "since": "2019-12-31",
        },
    )


def _liaison() -> Iterator[Said]:
    for number, branch in enumerate(BRANCHES, 1):
        estate = "XQ-1" if number <= 3 else "XQ-2"
        yield (
            "liaison-points",
            {
                "code": f"LL-{number}",
                "label": f"第{number}联络点",
                "organisation": branch,
                "area": COMMUNITY,
                "estate_code": estate,
                "estate": f"测试小区{estate[-1]}",
                "artefacts": "办公桌椅、站点工作记录本、党群联系卡",
                "opened_on": "2019-01-07",
            },
        )
        yield (
            "duty-rotas",
            {
                "code": f"ZBB-{number}",
                "kind": "duty",
                "organisation": branch,
                "area": COMMUNITY,
                "point": f"LL-{number}",
                "weekdays": "周一至周五",
                "shifts": "9:00-11:00、14:30-16:30",
                "headcount": 1,
                "effective_from": "2019-01-07",
            },
        )
    yield (
        "duty-rotas",
        {
            "code": "KC-1",
            "kind": "field-visit",
            "organisation": "DW-1",
            "area": COMMUNITY,
            "times_per_month": 1,
            "bound": "at-least",
            "effective_from": "2019-01-07",
        },
    )


def _books() -> Iterator[Said]:
    registers = (
        ("press-item", 30, "at-least"),
        ("merit-list", 38, "exact"),
        ("pledge", 23, "exact"),
        ("model-post", 4, "exact"),
        ("estate-without-manager", 3, "exact"),
    )
    for number, (kind, quantity, bound) in enumerate(registers):
        said = {"code": f"DJ-{number}", "kind": kind, "area": COMMUNITY, "label": "全年汇总"}
        yield "registers", said | {"quantity": quantity, "bound": bound, "since": JUNE}
    funds = (
        ("base", "80万元", "at-least", 1, "exact", "2019-06-30"),
        ("base-upgrade", "30万元", "exact", 1, "exact", JUNE),
        ("garden", "10万元", "at-least", 4, "exact", JUNE),
        ("star-estate", "40万元", "at-least", 14, "exact", JUNE),
        ("venue-renewal", "150万元", "at-least", 1, "exact", JUNE),
        ("community-building", "350万元", "exact", 1, "exact", JUNE),
        ("work", "80万元", "exact", 1, "exact", JUNE),
        ("party-building", "70万元", "exact", 1, "exact", JUNE),
        ("serving-residents", "80万元", "exact", 1, "exact", JUNE),
    )
    for number, (kind, amount, amount_bound, quantity, bound, day) in enumerate(funds):
        yield (
            "funds",
            {
                "code": f"JF-{number}",
                "kind": kind,
                "area": STREET,
                "label": "全年汇总",
                "amount": amount,
                "amount_bound": amount_bound,
                "quantity": quantity,
                "bound": bound,
                "since": day,
            },
        )
