"""The sheets of lecturers: what staff write becomes the commands the service takes."""

from services.bases.api.lecturers.people import LecturerRequest
from services.bases.api.lecturers.shifts import ShiftRequest
from tests.unit.ledger.reading import sent
from tests.unit.ledger.test_personal_keys import keys

LECTURER = {
    "讲师代码": "JS-1", "姓名": "测试甲", "电话": "13800001234", "区划代码": "410305001001",
    "角色": "讲师", "专长": "党史", "聘用方式": "志愿者",
}  # fmt: skip


def test_roles_and_skills_are_written_in_words_the_main_one_first():
    body = sent("讲师", **LECTURER | {"角色": "讲解员、讲师", "专长": "展厅讲解、own-kind"})

    assert body["roles"] == ["guide", "lecturer"]
    assert body["skills"] == ["exhibition", "own-kind"]
    assert LecturerRequest.model_validate(body).engagement == "volunteer"
    assert "base_id" not in body


def test_the_day_of_engagement_is_a_day():
    body = sent("讲师", **LECTURER, 聘用日期="2019年3月1日")

    assert body["engaged_on"] == "2019-03-01"


def test_a_shift_is_a_day_and_two_times():
    body = sent(
        "讲解排班",
        基地代码="JD-01",
        讲师代码="JS-01",
        日期="2019-06-18",
        开始时间="上午9点",
        结束时间="12:00",
    )

    assert {name: body[name] for name in ("day", "begins", "ends")} == {
        "day": "2019-06-18",
        "begins": "09:00",
        "ends": "12:00",
    }
    assert set(body) <= set(ShiftRequest.model_fields)


def test_keys_say_nothing_of_who_a_lecturer_is():
    other = LECTURER | {"姓名": "测试乙", "电话": "13900005678"}

    assert keys("讲师", LECTURER) == keys("讲师", other)
