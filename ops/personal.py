"""Rotation of the root key of personal data, for every service that keeps persons."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg

from services.chassis import fingerprints, rotation
from services.chassis.personal import Vault
from services.chassis.rotation import NOBODY
from services.chassis.settings import Settings

DIGESTS: dict[str, tuple[tuple[str, str], ...]] = {
    "membership": (
        ("member", "identity_digest"),
        ("registrant_identity", "digest"),
        ("transfer", "identity_digest"),
    ),
    "bases": (),
    "cobuilding": (),
}
"""Services that keep persons, and where they hold digests of the index beside the index itself."""

Progress = Callable[[str, int], None]
"""Told the service, and how many persons are done."""


@asynccontextmanager
async def _connected(settings: Settings, service: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_dsn(service))
    try:
        yield connection
    finally:
        await connection.close()


async def rewrap(settings: Settings, progress: Progress) -> dict[str, int]:
    """Wrap every person's key under the newest root; how many had been under an older one.

    What is kept of commands to know them again goes with it. Services go on meanwhile. Safe to
    repeat and to interrupt.
    """
    vault, done = Vault(settings.root_keys()), {}
    for service in DIGESTS:
        done[service], after = 0, NOBODY
        async with _connected(settings, service) as connection:
            while True:
                part, after = await rotation.rewrap(connection, vault, after)
                if not part:
                    break
                done[service] += part
                progress(service, done[service])
            part, last = await fingerprints.rewrap(connection, vault)
            while part:
                part, last = await fingerprints.rewrap(connection, vault, last)
    return done


async def reindex(settings: Settings) -> dict[str, int]:
    """Make the search index anew under the newest root alone, so that the older can be retired.

    How many persons it holds. The services must be stopped, and start again without the old root.
    """
    roots = settings.root_keys()
    vault, renewed = Vault(roots), Vault(roots[:1])
    done = {}
    for service, also in DIGESTS.items():
        async with _connected(settings, service) as connection:
            done[service] = await rotation.reindex(connection, vault, renewed, also)
    return done
