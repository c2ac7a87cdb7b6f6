"""The development issuer signs what the services accept, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from ops.embedded.issuer import DevelopmentIssuer, TokenRefusedError
from services.chassis.auth import Grant, Verifier
from services.chassis.clock import system_clock
from services.chassis.errors import Unauthenticated
from services.chassis.settings import Environment, Settings

HOUR = timedelta(hours=1)


@pytest.fixture
def issuer(tmp_path):
    return DevelopmentIssuer(tmp_path / "数据 1", Settings())


def token(issuer, **changed):
    given = {
        "roles": ["viewer", "auditor"],
        "areas": ["410305"],
        "subject": "tester",
        "lifetime": HOUR,
        "now": datetime.now(UTC),
    }
    return issuer.token(**given | changed)


def verifier(issuer):
    return Verifier(Settings(jwks_url=issuer.jwks_url), system_clock)


async def test_a_token_is_accepted_by_the_services_with_its_grants(issuer) -> None:
    principal = await verifier(issuer).verify(token(issuer))
    assert principal.subject == "tester"
    assert principal.grants == (Grant("viewer", "410305"), Grant("auditor", "410305"))


async def test_an_old_token_is_refused(issuer) -> None:
    with pytest.raises(Unauthenticated):
        await verifier(issuer).verify(token(issuer, now=datetime.now(UTC) - 2 * HOUR))


async def test_a_token_of_another_key_is_refused(issuer, tmp_path) -> None:
    foreign = DevelopmentIssuer(tmp_path / "other", Settings())
    issuer.ensure_key()
    with pytest.raises(Unauthenticated):
        await verifier(issuer).verify(token(foreign))


async def test_the_key_stays_the_same(issuer, tmp_path) -> None:
    made = token(issuer)
    again = DevelopmentIssuer(tmp_path / "数据 1", Settings())
    again.ensure_key()
    assert (await verifier(again).verify(made)).subject == "tester"


def test_only_its_owner_reads_the_key_and_the_jwks_holds_no_secret(issuer, tmp_path) -> None:
    issuer.ensure_key()
    folder = tmp_path / "数据 1"
    assert (folder / "key.json").stat().st_mode & 0o077 == 0
    assert '"d"' not in (folder / "jwks.json").read_text()


def test_unknown_roles_and_areas_are_refused_with_what_there_is(issuer) -> None:
    with pytest.raises(TokenRefusedError, match="base-clerk"):
        token(issuer, roles=["emperor"])
    with pytest.raises(TokenRefusedError, match="410305"):
        token(issuer, areas=["41030"])


def test_there_is_no_development_issuer_in_production(tmp_path) -> None:
    with pytest.raises(TokenRefusedError, match="production"):
        DevelopmentIssuer(tmp_path, Settings(env=Environment.PRODUCTION))
    assert not list(tmp_path.iterdir())
