"""Those who come, over HTTP: batches, check-in by code, what is held for them, who never came."""

from services.bases.api.visits import check_in, occasions, records, unvisiting

routers = (*check_in.routers, *records.routers, *occasions.routers, *unvisiting.routers)
