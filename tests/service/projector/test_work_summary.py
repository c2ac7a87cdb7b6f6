"""The work summary of a year, as JSON, Markdown and a Word document."""

import io

import docx

from contracts.kinds import VisitorLevel
from tests.service.projector.conftest import Desk
from tests.unit.projector.build import venue, visit

BATCHES = {"central": (1, 36), "province": (4, 120), "city": (9, 270), "district": (15, 430)}
"""29 batches, 856 person-times."""


async def demo_year(desk: Desk) -> None:
    await desk.tell(venue("展厅甲", themes=4))
    await desk.tell(venue("展厅乙"))
    for level, (batches, persons) in BATCHES.items():
        for n in range(batches):
            share = persons // batches + (persons % batches if n == 0 else 0)
            await desk.tell(visit(f"{level} {n}", share, VisitorLevel(level)))
    await desk.settled()


async def test_the_year_is_told_in_the_office_s_own_words(office: Desk) -> None:
    await demo_year(office)
    told = (await office.get("/v1/summaries/work")).json()
    assert told["title"] == "涧西区2019年党建工作总结"
    assert (
        told["basis"].startswith(
            "统计范围：涧西区；统计期间：2019年1月1日至2019年12月31日；数据截至2020年1月1日8:00:"
        )
        or "数据截至2020年1月1日08:00:" in told["basis"]
    )
    sentences = [s["text"] for section in told["sections"] for s in section["sentences"]]
    assert (
        "接待中央、省、市、区各级党组织参观学习29批次、856人次，平均每批次29.5人次。" in sentences
    )
    assert "建有开放式组织生活基地1个，其中红色型1个。" in sentences
    assert "设展厅2个、展示主题4个。" in sentences
    assert "现有党支部1个，其中1个本期没有到基地开展组织生活：支部甲。" in sentences


async def test_every_number_leads_to_its_events(office: Desk) -> None:
    await demo_year(office)
    told = (await office.get("/v1/summaries/work")).json()
    numbers = {
        number["figure"]: number
        for section in told["sections"]
        for sentence in section["sentences"]
        for number in sentence["numbers"]
    }
    persons = numbers["bases.visit_persons"]
    assert (persons["value"], persons["unit"]) == (856, "人次")
    listed = await office.get(f"{persons['events']}&limit=100")
    assert sum(item["amount"] for item in listed.json()["items"]) == 856


async def test_markdown_and_word_by_format_or_by_accept(office: Desk) -> None:
    await demo_year(office)
    markdown = await office.get("/v1/summaries/work", format="md")
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "参观学习29批次、856人次" in markdown.text
    word = await office.get("/v1/summaries/work", format="docx")
    assert "filename*=UTF-8''%E6%B6%A7" in word.headers["content-disposition"]
    document = docx.Document(io.BytesIO(word.content))
    assert any("29批次、856人次" in paragraph.text for paragraph in document.paragraphs)


async def test_an_empty_year_is_told_in_words_not_in_zeros(desk: Desk) -> None:
    told = (await desk.get("/v1/summaries/work")).json()
    texts = ["".join(s["text"] for s in section["sentences"]) for section in told["sections"]]
    assert texts == [
        "尚未建成开放式组织生活基地。",
        "本期没有受理预约。本期没有接待党组织参观学习。",
        "本期没有需要关注的问题。",
    ]
