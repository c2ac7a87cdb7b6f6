"""An environment that cannot work stops the process and names the variable."""

import os

import pytest
from pydantic import ValidationError

from services.chassis.errors import Defect
from services.chassis.settings import PORT_OFFSET, Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("JICENG_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("PORT_BASE", "80"),
        ("PORT_BASE", "65500"),
        ("PORT_BASE", "many"),
        ("DATABASE_URL", "postgresql://postgres@db/jiceng"),
        ("DATABASE_URL", "mysql://root@db/{service}"),
        ("DATABASE_POOL", "1"),
        ("DATABASE_POOL", "1000"),
        ("JWKS_URL", "ftp://issuer/jwks.json"),
        ("JWKS_URL", "jwks.json"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("MAX_BODY_BYTES", "10"),
        ("DRAIN_SECONDS", "0"),
        ("STREAM_REPLICAS", "7"),
    ],
)
def test_an_unusable_value_is_refused_and_its_variable_named(monkeypatch, name, value):
    monkeypatch.setenv(f"JICENG_{name}", value)

    with pytest.raises(ValidationError) as refused:
        Settings()

    assert [error["loc"][0] for error in refused.value.errors()] == [name.lower()]


def test_the_defaults_work():
    settings = Settings()
    assert settings.database_dsn("bases").endswith("/jiceng_bases")
    assert settings.service_url("projector") == "http://127.0.0.1:8105"


def test_each_service_has_its_own_database_and_port(monkeypatch):
    monkeypatch.setenv("JICENG_DATABASE_URL", "postgresql://u@h/{service}_db?host=/sock/{service}")
    monkeypatch.setenv("JICENG_PORT_BASE", "9000")
    settings = Settings()

    assert settings.database_dsn("bases") == "postgresql://u@h/bases_db?host=/sock/bases"
    assert len({settings.port_of(name) for name in PORT_OFFSET}) == len(PORT_OFFSET)
    assert settings.port_of("nats") == 9022


def test_an_address_that_is_given_counts_and_nobody_unknown_has_one(monkeypatch):
    monkeypatch.setenv("JICENG_BASES_URL", "https://bases.example/")
    settings = Settings()

    assert settings.service_url("bases") == "https://bases.example"
    with pytest.raises(Defect):
        settings.service_url("weather")


def test_every_variable_is_documented():
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []


def test_settings_cannot_be_changed_while_they_are_in_use():
    with pytest.raises(ValidationError):
        Settings().port_base = 1  # type: ignore[misc]
