"""What the contract shows in an order of its own: fields of views, parameters of an address."""

import pytest
from pydantic import Field

from services.chassis.http.description import completed
from services.chassis.http.views import before, whole, without
from services.chassis.state import State


class Post(State):
    code: str = Field(title="编号")
    area: str = Field(title="区划")


class Bed(Post):
    places: int = Field(default=1, title="床位")
    taken: list[int] = Field(default_factory=list, title="已占")


def test_a_view_shows_its_own_fields_where_it_says():
    @before(grid="area")
    class PostView(Post):
        version: int
        grid: str

    shown = PostView(code="A", area="410305", grid="1", version=2)
    order = ["code", "grid", "area", "version"]

    assert [*shown.model_dump()] == order
    assert [*PostView.model_json_schema()["properties"]] == order


def test_a_place_before_a_field_that_is_none_is_a_mistake():
    with pytest.raises(ValueError, match="plot"):
        before(area="plot")(Post)


def test_a_whole_view_always_shows_what_its_state_may_begin_with():
    @whole
    class BedView(Bed):
        version: int

    described = BedView.model_json_schema(mode="serialization")
    assert described["required"] == ["code", "area", "places", "taken", "version"]
    assert not any("default" in field for field in described["properties"].values())
    assert Bed(code="A", area="410305").places == 1


def test_a_view_goes_without_fields_of_its_state_and_takes_a_row_with_them():
    @without("places")
    class BedView(Bed):
        pass

    shown = BedView(**Bed(code="A", area="410305").model_dump())

    assert [*shown.model_dump()] == ["code", "area", "taken"]
    assert [*BedView.model_json_schema()["properties"]] == ["code", "area", "taken"]


def test_a_view_without_a_field_that_is_none_is_a_mistake():
    with pytest.raises(KeyError, match="plot"):
        without("plot")(Bed)


def test_parameters_of_an_address_stand_in_its_order():
    parameters = [
        {"name": "holder_id", "in": "path"},
        {"name": "limit", "in": "query"},
        {"name": "rota_id", "in": "path"},
    ]
    operation = {"parameters": parameters, "responses": {}}
    document = {
        "paths": {"/rotas/{rota_id}/holders/{holder_id}": {"get": operation}},
        "components": {"schemas": {}},
    }

    completed(document)

    assert [each["name"] for each in parameters] == ["rota_id", "limit", "holder_id"]
