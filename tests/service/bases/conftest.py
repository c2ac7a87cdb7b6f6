import pytest

from tests.conftest import Scene, Start
from tests.service.office import Office, open_office


@pytest.fixture
async def office(scene: Scene, start: Start) -> Office:
    return await open_office(scene, start)
