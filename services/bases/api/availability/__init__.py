"""空闲时段与使用率."""

from services.bases.api.availability import free, utilisation

routers = (free.queries, utilisation.queries)
