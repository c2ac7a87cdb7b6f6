"""The sheets of working members: what staff write becomes the commands the service takes."""

import pytest

from services.membership.api.working.forms import RegistrantRequest
from services.membership.api.working.posts import PostRequest
from services.membership.api.working.records import ServiceRequest
from tests.unit.ledger.reading import sent

COMMUNITY = "410305001001"


def test_473_person_times_are_one_line_that_stands_for_no_session():
    body = sent(
        "服务记录",
        记录编号="FW-2018",
        社区代码=COMMUNITY,
        服务类别="其他服务",
        服务日期="2018-12-31",
        参加人次=473,
        活动次数=0,
    )

    assert body == {
        "code": "FW-2018",
        "community": COMMUNITY,
        "kind": "other",
        "held_on": "2018-12-31",
        "attended": 473,
        "sessions": 0,
    }
    assert ServiceRequest.model_validate(body).attended == 473


def test_an_evening_with_two_named():
    body = sent(
        "服务记录",
        记录编号="FW-1",
        社区代码=COMMUNITY,
        服务类别="治安巡防",
        服务日期="2019年6月8日",
        开始时间="晚上7点半",
        参加人员="BD-1、BD-2",
        数量性质="实数",
    )

    request = ServiceRequest.model_validate(body)
    assert request.registrant_codes == ["BD-1", "BD-2"]
    assert f"{request.start}" == "19:30:00"


def test_skills_are_written_in_words_best_first():
    body = sent(
        "报到",
        报到编号="BD-1",
        姓名="张示例",
        电话="13900000001",
        社区代码=COMMUNITY,
        单位代码="DW-01",
        职业="法律工作者",
        专长="法律、矛盾调解、own-kind",
        报到日期="2019-03-01",
    )

    assert body["skills"] == ["law", "mediation", "own-kind"]
    body["employer_id"] = "00000000-0000-0000-0000-000000000001"
    assert RegistrantRequest.model_validate(body).occupation == "lawyer"


def test_a_post_keeps_its_days_as_days():
    body = sent(
        "岗位",
        岗位编号="GW-1",
        岗位名称="陪护岗",
        服务类别="助老帮扶",
        社区代码=COMMUNITY,
        名额=3,
        开始日期="2019-01-01",
        截止日期="2019-12-31",
    )

    assert (body["starts_on"], body["ends_on"]) == ("2019-01-01", "2019-12-31")
    assert PostRequest.model_validate(body).places == 3


@pytest.mark.parametrize("places", ["三", "0", "3个"])
def test_places_are_a_number(places):
    with pytest.raises(AssertionError):
        sent(
            "岗位",
            岗位编号="GW-1",
            岗位名称="陪护岗",
            服务类别="助老帮扶",
            社区代码=COMMUNITY,
            名额=places,
            开始日期="2019-01-01",
        )
