"""The sheet 单位: what staff write becomes the command the service takes."""

import pytest

from services.cobuilding.api.units import UnitRequest
from tests.unit.ledger.reading import rows, sent

LINE = {
    "单位代码": "GJ-01",
    "单位名称": "示例研究院",
    "单位类别": "事业单位",
    "区划代码": "410305001",
}


def test_a_unit_as_written_is_what_the_service_registers():
    body = sent(
        "单位", **LINE, 单位特征="下派包联、有志愿服务队", 统一社会信用代码="12410300MB0000001X"
    )
    request = UnitRequest.model_validate(body)
    assert (request.kind, request.traits) == ("public-institution", ["posted", "volunteers"])
    assert request.credit_code == "12410300MB0000001X"


@pytest.mark.parametrize(
    ("heading", "value"), [("统一社会信用代码", "123"), ("单位类别", "面包房"), ("单位名称", None)]
)
def test_a_wrong_cell_is_refused_by_its_heading(heading, value):
    (row,) = rows("单位", LINE | {heading: value})
    assert [fault.column for fault in row.faults] == [heading]
    assert row.faults[0].right
