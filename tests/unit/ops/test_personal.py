"""The root key of personal data is renewed wherever it seals anything."""

from ops.personal import DIGESTS
from ops.services import SERVICES


def test_every_service_that_keeps_persons_is_renewed():
    keepers = {entry.name for entry in SERVICES if entry.load().SERVICE.keeps_persons}
    assert set(DIGESTS) == keepers
