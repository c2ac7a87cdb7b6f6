"""What the contract shows in an order of its own: fields of views, parameters of an address."""

import pytest
from pydantic import Field

from services.chassis.http.description import completed
from services.chassis.http.views import before
from services.chassis.state import State


class Post(State):
    code: str = Field(title="编号")
    area: str = Field(title="区划")


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
