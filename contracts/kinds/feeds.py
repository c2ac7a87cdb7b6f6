"""What a calendar can be subscribed to (日历订阅)."""

from contracts.kinds.labelled import Labelled


class FeedScope(Labelled):
    """Whose calendar a feed is."""

    BASE = "base", "基地"
    VENUE = "venue", "场馆"
    ORGANISATION = "organisation", "来访单位"
    LECTURER = "lecturer", "讲师"
