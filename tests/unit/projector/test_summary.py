"""How the work summary reads, from full numbers down to nothing at all."""

import io
from datetime import UTC, date, datetime

import docx
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from services.projector.declare import Absent, Ratio
from services.projector.figures import CATALOGUE
from services.projector.labels import Group
from services.projector.periods import Period
from services.projector.queries import Value
from services.projector.render import in_markdown, in_word
from services.projector.sql import Scope
from services.projector.summary import Number, Summary, Written, write

YEAR = Period(date(2019, 1, 1), date(2019, 12, 31))

FULL: dict[str, Value] = {
    "bases.bases": 2,
    "bases.halls": 2,
    "bases.themes": 4,
    "bases.venues": 3,
    "bases.bookings": 40,
    "bases.bookings_cancelled": 3,
    "bases.bookings_honoured": 27,
    "bases.no_shows": 1,
    "bases.no_show_rate": 3.6,
    "bases.visit_batches": 29,
    "bases.visit_persons": 856,
    "bases.persons_per_batch": 29.5,
    "membership.branches": 7,
    "bases.unvisited_bases": 1,
    "bases.unvisiting_branches": 5,
}
GROUPS: dict[str, list[Group]] = {
    "base_kind": [Group("red", "红色型", 1), Group("basic", "基础型", 1)],
    "venue_kind": [Group("hall", "展厅", 2), Group("square", "广场", 1)],
    "channel": [Group("web", "电脑", 10), Group("phone", "电话", 30)],
    "visitor_level": [
        Group("central", "中央", 1),
        Group("province", "省", 4),
        Group("city", "市", 9),
        Group("district", "区", 15),
    ],
}


def told(
    values: dict[str, Value], groups: dict[str, list[Group]] = GROUPS, names: int = 1
) -> list[Written]:
    numbers = []
    for figure in CATALOGUE.figures.values():
        value = values.get(figure.key, None if isinstance(figure, Ratio) else 0)
        splits = {c.split: groups.get(c.split, []) for c in figure.clauses if c.split}
        listed = [f"单位{n}" for n in range(names)] if isinstance(figure, Absent) else []
        numbers.append(Number(figure, value, splits if value else {}, listed))
    return write(numbers)


def text(written: list[Written]) -> list[str]:
    return ["".join(sentence.text for sentence in section.sentences) for section in written]


def test_a_full_year_reads_like_the_office_writes_it() -> None:
    tree, bases, visits, concerns = text(told(FULL))
    assert tree == "共有各类党支部7个。"
    assert bases == (
        "建有开放式组织生活基地2个，其中红色型1个、基础型1个。设展厅2个、展示主题4个。"
        "共有场馆3个，其中展厅2个、广场1个。"
    )
    assert "接待中央、省、市、区各级党组织参观学习29批次、856人次，平均每批次29.5人次。" in visits
    assert "受理预约40次，其中电脑10次、电话30次；取消3次。" in visits
    assert "按来访层级分，中央1批次、省4批次、市9批次、区15批次。" in visits
    assert "预约后如约到访27次，未到场1次，未到场率3.6%。" in visits
    assert concerns == (
        "现有基地2个，其中1个本期没有接待参观学习：单位0。"
        "现有党支部7个，其中5个本期没有到基地开展组织生活：单位0。"
    )


def test_nothing_at_all_reads_naturally() -> None:
    assert text(told({})) == [
        "尚未建成开放式组织生活基地。",
        "本期没有受理预约。本期没有接待党组织参观学习。",
        "本期没有需要关注的问题。",
    ]


def test_sections_are_numbered() -> None:
    assert [section.title for section in told(FULL)] == [
        "一、基层组织建设情况",
        "二、开放式组织生活基地建设情况",
        "三、预约与接待情况",
        "四、需要关注的问题",
    ]


def test_one_level_of_visitors_is_no_list() -> None:
    one = GROUPS | {"visitor_level": [Group("province", "省", 29)]}
    assert "接待省级党组织参观学习29批次、856人次" in text(told(FULL, one))[2]


def test_without_no_shows_no_rate_is_stated() -> None:
    honoured = FULL | {"bases.no_shows": 0, "bases.no_show_rate": 0.0}
    assert "预约后如约到访27次，没有未到场的情况。" in text(told(honoured))[2]


def test_no_shows_alone_are_told() -> None:
    only = FULL | {"bases.bookings_honoured": 0, "bases.no_show_rate": 100.0}
    assert "未到场1次，未到场率100%。" in text(told(only))[2]


def test_when_everybody_came_the_concerns_say_so() -> None:
    fine = FULL | {"bases.unvisited_bases": 0, "bases.unvisiting_branches": 0}
    assert text(told(fine))[3] == (
        "现有基地2个，本期均接待了参观学习。现有党支部7个，本期均到基地开展了组织生活。"
    )


def test_long_lists_of_names_end_in_and_others() -> None:
    listed = text(told(FULL, names=11))[3]
    assert "单位9等。" in listed
    assert "单位10" not in listed


def test_every_number_in_a_sentence_is_traceable() -> None:
    visits = told(FULL)[2]
    keys = {n.figure.key for sentence in visits.sentences for n in sentence.numbers}
    assert {"bases.visit_batches", "bases.visit_persons", "bases.no_show_rate"} <= keys


def summary() -> Summary:
    return Summary(
        title="涧西区2019年党建工作总结",
        basis="统计范围：涧西区。",
        area_name="涧西区",
        scope=Scope("410305", YEAR),
        as_of=datetime(2020, 1, 1, tzinfo=UTC),
        sections=told(FULL),
    )


def test_markdown_has_title_basis_and_sections() -> None:
    markdown = in_markdown(summary())
    assert markdown.startswith("# 涧西区2019年党建工作总结\n\n> 统计范围：涧西区。\n\n## 一、")
    assert markdown.count("\n## ") == 4


def test_the_word_document_is_set_like_an_official_paper() -> None:
    document = docx.Document(io.BytesIO(in_word(summary())))
    page = document.sections[0]
    measures = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(measure / Mm(1), 1) for measure in measures if measure] == [210, 297, 37, 28]
    assert page._sectPr.find(qn("w:docGrid")) is None
    title, *rest = document.paragraphs
    assert title.text == "涧西区2019年党建工作总结"
    fonts = [
        run._element.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in (title, *rest)
        for run in paragraph.runs
    ]
    assert fonts[:3] == ["方正小标宋简体", "黑体", "仿宋_GB2312"]
    assert fonts[-1] == "楷体_GB2312"
    languages = {each.get(qn("w:eastAsia")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}
    body = next(p for p in rest if "856人次" in p.text)
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body.paragraph_format.first_line_indent == Pt(32)


def test_word_puts_run_properties_in_the_order_of_the_schema() -> None:
    document = docx.Document(io.BytesIO(in_word(summary())))
    order = ["rFonts", "b", "i", "color", "spacing", "kern", "sz", "szCs", "lang"]
    for properties in document.styles.element.iter(qn("w:rPr")):
        names = [child.tag.split("}")[1] for child in properties]
        known = [order.index(name) for name in names if name in order]
        assert known == sorted(known), names


def test_what_a_register_holds_is_counted_in_its_own_unit():
    kinds = [Group("merit-list", "评比表彰党员", 38), Group("own-kind", "本区自设", 2)]
    sections = told({"membership.register_entries": 40}, {"register_kind": kinds})
    [books] = [section for section in sections if "经费与荣誉" in section.title]
    assert books.sentences[0].text == "本期登记评比表彰党员38名、本区自设2项。"
