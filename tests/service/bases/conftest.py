import pytest

from tests.conftest import Scene, Start
from tests.service.bases.lecturing import Team
from tests.service.office import Office, open_office


@pytest.fixture
async def office(scene: Scene, start: Start) -> Office:
    return await open_office(scene, start)


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)
