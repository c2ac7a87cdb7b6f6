"""日历订阅: calendars for whoever has a token or a key, and the keys."""

from services.bases.api.feeds import calendars, keys

routers = (keys.commands, keys.queries, calendars.queries, calendars.keyed)
