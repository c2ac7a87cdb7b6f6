"""An edit says the fields of the request that it edits, each bound by what bounds it there."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from services.chassis.http import Timed
from services.chassis.http.edits import edits

Places = Annotated[int, Field(ge=1, title="名额")]


class PostRequest(Timed):
    code: str
    places: Places
    hours: int = Field(default=2, le=8, title="时长")
    grid: str | None = Field(default=None, title="网格")


@edits(PostRequest, "code", null=["grid"])
class PostChange(Timed):
    """Fields left out stay as they are."""


def test_an_edit_says_what_it_says_and_nothing_else():
    assert PostChange.model_validate({}).changes() == {}
    assert PostChange.model_validate({"hours": 3, "places": None}).changes() == {"hours": 3}
    assert PostChange.model_validate({"grid": None}).changes() == {"grid": None}
    assert PostChange.model_validate({"grid": "1"}).changes() == {"grid": "1"}


@pytest.mark.parametrize("wrong", [{"places": 0}, {"hours": 9}, {"code": "A"}, {"hour": 3}])
def test_what_the_request_refuses_the_edit_refuses_too(wrong):
    with pytest.raises(ValidationError):
        PostChange.model_validate(wrong)


def test_titles_come_along():
    described = PostChange.model_json_schema()["properties"]

    assert described["hours"]["title"] == "时长"
    assert described["places"]["anyOf"][0]["title"] == "名额"


def test_a_field_that_is_none_is_a_mistake():
    with pytest.raises(TypeError, match="PostRequest has no place"):
        edits(PostRequest, "place")
