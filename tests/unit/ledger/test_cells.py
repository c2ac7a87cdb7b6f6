"""Cells are read exactly as meant, or refused."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.ledger import cells
from ops.ledger.cells import FIRST_YEAR, LAST_YEAR, Unreadable
from ops.ledger.ledgers.common import AREA_CODE, CODE, HEADCOUNT, NAME

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
MIDNIGHT = datetime.combine(date(2019, 6, 8), time())
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
LEVEL = cells.choice({"district": "区", "street": "街道"})


def refusal(parse: cells.Parser, cell: cells.Cell) -> str:
    with pytest.raises(Unreadable) as refused:
        parse(cell)
    assert refused.value.right
    return refused.value.problem


@pytest.mark.parametrize(
    "written",
    [
        date(2019, 6, 8),
        MIDNIGHT,
        "2019-06-08",
        "2019-6-8",
        "2019/6/8",
        "2019.6.8",
        "2019年6月8日",
        "2019年06月08",
        "２０１９．６．８",
        " 2019-06-08 ",
        "20190608",
        20190608.0,
        "2019-06-08 00:00:00",
    ],
)
def test_every_common_way_to_write_a_day_is_read(written):
    assert cells.day(written) == date(2019, 6, 8)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (43624.0, "日期被存成了数字"),
        ("43624", "日期被存成了数字"),
        ("19.6.8", "无法识别的日期"),
        ("6月8日", "无法识别的日期"),
        ("2019.6-8", "无法识别的日期"),
        ("不详", "无法识别的日期"),
        ("2019-02-29", "没有这一天"),
        ("2019-13-01", "没有这一天"),
        (MIDNIGHT.replace(hour=9), "日期里带有钟点"),
        (date(1899, 12, 31), "年份超出范围"),
        ("2190-01-01", "年份超出范围"),
    ],
)
def test_a_day_that_could_be_another_is_refused(written, problem):
    assert refusal(cells.day, written) == problem


@given(DAYS)
def test_a_day_survives_every_way_of_writing_it(day):
    plain = f"{day.year}.{day.month}.{day.day}"
    for written in (
        day,
        datetime.combine(day, time()),
        day.isoformat(),
        plain,
        plain.translate(FULL_WIDTH),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        float(f"{day:%Y%m%d}"),
    ):
        assert cells.day(written) == day


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (time(9, 30), time(9, 30)),
        (time(9, 30, 59), time(9, 30)),
        ("9:30", time(9, 30)),
        ("09：30", time(9, 30)),
        ("9:30:00", time(9, 30)),
        ("9时30分", time(9, 30)),
        ("9点半", time(9, 30)),
        ("9点", time(9, 0)),
        ("上午9:30", time(9, 30)),
        ("下午2：30", time(14, 30)),
        ("下午 2:30", time(14, 30)),
        ("下午14:30", time(14, 30)),
        ("下午12:30", time(12, 30)),
        ("晚上7点", time(19, 0)),
    ],
)
def test_every_common_way_to_write_a_time_is_read(written, read):
    assert cells.clock_time(written) == read


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (0.375, "钟点被存成了数字"),
        (930.0, "钟点被存成了数字"),
        ("上午", "无法识别的钟点"),
        ("9:3", "无法识别的钟点"),
        ("25:00", "没有这个钟点"),
        ("9:60", "没有这个钟点"),
        ("上午12:30", "钟点有两种读法"),
        ("晚上12点", "钟点有两种读法"),
        (timedelta(hours=30), "无法识别的钟点"),
    ],
)
def test_a_time_that_could_be_another_is_refused(written, problem):
    assert refusal(cells.clock_time, written) == problem


@given(st.times())
def test_a_time_survives_every_way_of_writing_it(at):
    minute = at.replace(second=0, microsecond=0)
    for written in (at, f"{at:%H:%M}", f"{at.hour}：{at:%M}", f"{at.hour}时{at.minute}分"):
        assert cells.clock_time(written) == minute


@pytest.mark.parametrize(
    "damaged", [1e15, 4.10305001001001e16, 10**15, "4.10305E+11", "4.1E+17", "-4E+20"]
)
def test_a_number_that_lost_its_last_digits_is_never_guessed(damaged):
    for parse in (CODE, AREA_CODE, HEADCOUNT):
        assert refusal(parse, damaged) == "该格被存为数值，末位已丢失精度"


@given(st.integers(10**14, 10**15 - 1))
def test_a_fifteen_digit_code_survives_being_a_number(code):
    assert AREA_CODE(float(code)) == AREA_CODE(str(code)) == str(code)


@given(st.integers(1, 100_000))
def test_a_headcount_survives_every_way_of_writing_it(count):
    for written in (
        count,
        float(count),
        str(count),
        f" {count} ",
        str(count).translate(FULL_WIDTH),
    ):
        assert HEADCOUNT(written) == count


@pytest.mark.parametrize("written", ["29人", "二十九", 29.5, True, "1,234", "~30"])
def test_what_is_no_whole_number_is_refused(written):
    assert refusal(HEADCOUNT, written) == "不是整数"


@pytest.mark.parametrize("written", [0, -3, 100_001])
def test_an_impossible_headcount_is_refused(written):
    assert refusal(HEADCOUNT, written) == "超出范围"


@pytest.mark.parametrize("written", ["district", "DISTRICT", "区", " 区 ", "ｄｉｓｔｒｉｃｔ"])
def test_a_choice_takes_the_label_and_the_code(written):
    assert LEVEL(written) == "district"


def test_another_choice_is_refused_and_the_choices_are_named():
    with pytest.raises(Unreadable) as refused:
        LEVEL("区级")
    assert (refused.value.problem, refused.value.right) == (
        "不在可选范围内",
        "填以下之一：区、街道",
    )


def test_a_name_keeps_its_chinese_punctuation():
    assert NAME("　唐村社区（东区）第１党支部 ") == "唐村社区（东区）第1党支部"


def test_a_name_with_control_characters_is_refused():
    assert refusal(NAME, "唐村\x07社区") == "含有看不见的控制字符"


def test_an_overlong_name_is_refused():
    assert refusal(NAME, "长" * 121) == "共 121 个字符，过长"


def test_themes_are_split_at_chinese_commas():
    themes = cells.words(20, 60)
    assert themes("一个支部一个堡垒、回顾与展望；") == ("一个支部一个堡垒", "回顾与展望")
    assert refusal(themes, "甲、甲") == "有重复的项"


ANY_CELL = st.one_of(
    st.none(),
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
PARSERS = [cells.day, cells.clock_time, CODE, AREA_CODE, NAME, HEADCOUNT, LEVEL, cells.words(9, 9)]


@given(ANY_CELL, st.sampled_from(PARSERS))
def test_whatever_a_cell_holds_is_read_or_refused(cell, parse):
    try:
        parse(cell)
    except Unreadable as refused:
        assert all((refused.problem, refused.right))  # noqa: PT017 - either outcome is right
