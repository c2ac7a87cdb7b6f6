"""Names, labels, and what may never be said in an event."""

import re

import pytest

from contracts import kinds
from contracts.areas import AREA_PATTERN, LEVEL_LABEL, AreaLevel
from contracts.catalogue import EVENTS, events_of
from contracts.event import Envelope
from contracts.publishers import PUBLISHERS
from tests import walks

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PERSONAL = re.compile(
    r"(^|_)(name|names|person|people|member|mobile|phone|tel|email|mail|wechat|qq|address|id_?card"
    r"|identity|passport|birth\w*|age|sex|gender|contact|nickname|remark\w*|note\w*|comment\w*"
    r"|text|content|description|message|photo|picture|signature|ip|lng|lat|longitude|latitude)(_|$)"
)
NAMES_OF_PLACES_AND_ORGANISATIONS = {
    ("AreaRegistered", "name"),
    ("AreaRenamed", "name"),
    ("AreaRenamed", "was_name"),
    ("BaseChanged", "name"),
    ("BaseRegistered", "name"),
    ("CourseChanged", "name"),
    ("CoursePublished", "name"),
    ("CourseRetired", "name"),
    ("EmployerChanged", "name"),
    ("EmployerRegistered", "name"),
    ("LectureHallChanged", "name"),
    ("LectureHallClosed", "name"),
    ("LectureHallOpened", "name"),
    ("MenuItemChanged", "name"),
    ("MenuItemPublished", "name"),
    ("MenuItemRetired", "name"),
    ("OrganisationChanged", "name"),
    ("OrganisationRegistered", "name"),
    ("BaseKindDefined", "name"),
    ("CobuildingKindDefined", "name"),
    ("MembershipKindDefined", "name"),
    ("NewOrganisationChanged", "name"),
    ("NewOrganisationClosed", "name"),
    ("NewOrganisationRegistered", "name"),
    ("PackageChanged", "name"),
    ("PackagePublished", "name"),
    ("PackageRetired", "name"),
    ("UnitChanged", "name"),
    ("UnitLeft", "name"),
    ("UnitRegistered", "name"),
    ("UnitReturned", "name"),
    ("VenueChanged", "name"),
    ("VenueOffered", "name"),
    ("VenueRegistered", "name"),
    ("VenueWithdrawn", "name"),
}
"""The only free text an event carries. Whoever adds to it answers: whose name is it?"""

every_event = walks.over(EVENTS)


@every_event
def test_a_type_says_service_aggregate_past_tense_and_version(event):
    assert re.fullmatch(r"jiceng\.[a-z]+\.[a-z-]+\.[a-z-]+\.v[1-9]\d*", event.type)
    assert re.search(r"(ed|wn|left|given|taken|began|made|fell-due)(-in)?$", event.names()[2])
    assert event.__module__.split(".")[:2] == ["contracts", event.names()[0]]


@every_event
def test_event_and_fields_have_chinese_titles(event):
    assert CHINESE.search(event.called())
    assert [n for n, f in event.model_fields.items() if not CHINESE.search(f.title or "")] == []


def test_the_envelope_and_every_code_have_chinese_titles():
    labels = [member.label for enum in kinds.every().values() for member in enum]

    assert all(CHINESE.search(field.title or "") for field in Envelope.model_fields.values())
    assert labels
    assert all(CHINESE.search(label) for label in labels)
    assert set(LEVEL_LABEL) == set(AreaLevel)


def test_no_two_lists_of_codes_share_a_name():
    """Documents name them by it."""
    assert len(kinds.every()) == len(kinds.Labelled.__subclasses__())


@every_event
def test_codes_are_published_with_their_labels(event):
    for name, definition in event.model_json_schema().get("$defs", {}).items():
        labels = {member.value: member.label for member in kinds.every()[name]}
        assert definition["x-labels"] == labels
        assert definition["enum"] == list(labels)


@every_event
def test_no_field_smells_of_a_person(event):
    suspects = {(event.__name__, name) for name in event.model_fields if PERSONAL.search(name)}

    assert suspects <= NAMES_OF_PLACES_AND_ORGANISATIONS


@every_event
def test_text_is_a_code_a_kind_or_a_name_of_the_list(event):
    """Free text is where personal data hides, whatever the field is called."""
    for name, field in event.model_json_schema()["properties"].items():
        options = field.get("anyOf", [field])
        free = any(
            option.get("type") == "string" and not option.keys() & {"format", "pattern", "enum"}
            for option in options
        )
        coded = re.search(r"(^|_)(code|kind)$", name)
        assert not free or coded or (event.__name__, name) in NAMES_OF_PLACES_AND_ORGANISATIONS


def test_the_list_of_names_holds_nothing_that_is_gone():
    there = {(event.__name__, name) for event in EVENTS.values() for name in event.model_fields}

    assert there >= NAMES_OF_PLACES_AND_ORGANISATIONS


@pytest.mark.parametrize(
    "name", ["name", "contact_phone", "member_name", "remark", "id_card", "was_address", "birthday"]
)
def test_the_nose_works(name):
    assert PERSONAL.search(name)


@every_event
def test_every_event_says_where_it_happened(event):
    assert event.model_json_schema()["properties"]["area"]["pattern"] == AREA_PATTERN
    assert "area" in event.model_json_schema()["required"]


def test_the_catalogue_is_complete_and_every_class_has_one_type():
    assert list(EVENTS) == sorted(EVENTS)
    assert sum(len(events_of(service)) for service in PUBLISHERS) == len(EVENTS)
    assert all(events_of(service) for service in PUBLISHERS)
    assert len({event.__name__ for event in EVENTS.values()}) == len(EVENTS)
    assert len({event.called() for event in EVENTS.values()}) == len(EVENTS)
