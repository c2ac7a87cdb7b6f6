"""Runs where CONTRIBUTING's walk was followed, with the product that stands there.

Reads from stdin what to connect to and whom to thank; prints what was generated and answered.
"""

import asyncio
import json
import sys
from typing import Any

import httpx

from ops import lifecycles, migration
from ops.contracts import catalogue, changelog, files, schemas
from ops.services import BY_NAME
from services.chassis.migrate import migrate
from services.chassis.service import create_app
from services.chassis.settings import Settings
from services.projector.fold import tell

NEWEST = "SELECT body FROM event_log ORDER BY id DESC LIMIT 1"


async def main(settings: dict[str, Any], wish_id: str, headers: dict[str, str]) -> dict[str, Any]:
    entry, kept = BY_NAME["membership"], Settings(**settings)
    dsn, service = kept.database_dsn(entry.name), entry.load().SERVICE
    made = migration.write(entry, "thanks", await migration.missing(entry, dsn))
    await migrate(dsn, service.migrations)
    left = await migration.missing(entry, dsn)

    app = create_app(service, kept)
    database = app.state.context.database
    await database.open()
    transport = httpx.ASGITransport(app)
    path = f"/v1/wishes/{wish_id}"
    async with httpx.AsyncClient(transport=transport, base_url="http://walked") as client:
        answers = [
            await client.post(f"{path}/thanks", json={}, headers=headers | {"Idempotency-Key": key})
            for key in ("thank-once-1", "thank-twice-2")
        ]
        seen = await client.get(path, headers=headers)
    body: str = await database.pool.fetchval(NEWEST)
    await database.close()
    return {
        "root": str(files.ROOT.parent),
        "migration": {"path": made.name, "text": made.read_text(), "left": left},
        "answers": [[answer.status_code, answer.json()] for answer in answers],
        "seen": seen.json(),
        "event": json.loads(body),
        "facts": [[fact.figure, fact.amount] for fact in tell(body.encode()).facts],
        "schemas": list(schemas.schemas()),
        "paths": list(app.openapi()["paths"]),
        "catalogue": catalogue.written_into((files.ROOT / "README.md").read_text()),
        "changelog": changelog.written_into(
            (files.ROOT / "CHANGELOG.md").read_text(), schemas.schemas()
        ),
        "drawings": lifecycles.markdown(),
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.stdout.write(json.dumps(asyncio.run(main(**given))))
