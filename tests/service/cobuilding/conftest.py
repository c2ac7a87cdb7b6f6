"""A street office with one community and one branch, which co-builds with its neighbours."""

import pytest

from tests.service.cobuilding.town import Town, open_town


@pytest.fixture
async def town(scene, start) -> Town:
    return await open_town(scene, start)
