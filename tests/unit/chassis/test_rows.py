"""Rows are states and what only rows have; a misspelt field is a defect, not lost."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.chassis.errors import Defect
from services.chassis.rows import Coded, Row
from services.chassis.state import State


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Thing(State):
    thing_id: UUID
    colour: Colour
    trim: Colour | None = None
    made_at: datetime


class OurRow(Row, registry=registry()):
    pass


class ThingRow(Thing, OurRow, table=True):
    __tablename__ = "thing"

    thing_id: UUID = Field(primary_key=True)
    version: int = 1


THING = Thing(thing_id=UUID(int=1), colour=Colour.RED, made_at=datetime(2019, 6, 8).astimezone())


def test_a_row_has_its_state_and_more():
    row = ThingRow.of(THING, version=3)
    assert isinstance(row, Thing)
    assert (row.colour, row.made_at, row.version) == (Colour.RED, THING.made_at, 3)


def test_a_row_begins_with_a_fact_and_what_that_does_not_say_is_empty():
    class Begun(BaseModel):
        thing_id: UUID = THING.thing_id
        colour: Colour = Colour.BLUE

    row = ThingRow.of(Begun(), version=3)
    assert (row.colour, row.version, row.made_at) == (Colour.BLUE, 3, None)


def test_a_state_as_it_would_be_leaves_its_row_alone():
    row = ThingRow.of(THING, version=3)

    assert row.as_state(Thing) == THING
    assert row.as_state(Thing, colour="blue").colour is Colour.BLUE
    assert (row.colour, row.version) == (Colour.RED, 3)
    with pytest.raises(Defect, match="colur"):
        row.as_state(Thing, colur="blue")


def test_codes_are_kept_as_text_and_instants_with_their_zone():
    columns = ThingRow.__table__.columns
    colour = columns["colour"].type
    assert isinstance(colour, Coded)
    assert isinstance(columns["trim"].type, Coded)
    assert colour.process_bind_param(Colour.BLUE, None) == "blue"
    assert colour.process_bind_param("blue", None) == "blue"
    assert colour.process_result_value("blue", None) is Colour.BLUE
    assert colour.process_result_value(None, None) is None
    assert columns["made_at"].type.impl.timezone


def test_a_misspelt_field_is_a_defect():
    with pytest.raises(Defect, match="color"):
        ThingRow.of(THING, color="red")
    with pytest.raises(Defect, match="color"):
        ThingRow.of(THING).change(color="red")


def test_a_change_writes_all_it_is_given():
    row = ThingRow.of(THING)
    row.change(colour=Colour.BLUE, version=2)
    assert (row.colour, row.version) == (Colour.BLUE, 2)
