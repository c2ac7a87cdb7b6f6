"""Who may do what: roles of the token, what each permits. One table, reviewed like code."""

from enum import StrEnum


class Action(StrEnum):
    """What a route asks for."""

    READ = "read"
    MANAGE_AREAS = "areas.manage"
    MANAGE_ORGANISATIONS = "organisations.manage"
    MANAGE_BASES = "bases.manage"
    HANDLE_BOOKINGS = "bookings.handle"
    REQUEST_BOOKINGS = "bookings.request"
    """Book for the organisations of one's own area, wherever the base lies."""
    READ_EVENTS = "events.read"
    MANAGE_STANDARDS = "standards.manage"
    """Kinds, rules and the working calendar."""
    MANAGE_MEMBERS = "members.manage"
    """Members, their joining, transfers and dues."""
    READ_PERSONAL = "personal.read"
    """Names, phones and identity numbers in full; every reading is recorded."""
    MANAGE_SERVICE = "service.manage"
    """Working members, posts, volunteering, help pairs, wishes, liaison points."""
    READ_HELP_FILES = "help-files.read"
    MANAGE_POINTS = "points.manage"
    MANAGE_ACTIVITIES = "activities.manage"
    MANAGE_BOOKS = "books.manage"
    MANAGE_COBUILDING = "cobuilding.manage"
    """Units, bodies, agreements and what follows from them."""
    APPROVE_AGREEMENTS = "agreements.approve"
    """Let an agreement go out to the other side."""
    AUDIT = "audit.read"
    """Who read personal data, and why."""


_BASE_CLERK = frozenset({Action.READ, Action.HANDLE_BOOKINGS})

_COMMUNITY_WORKER = frozenset(
    {
        Action.READ,
        Action.REQUEST_BOOKINGS,
        Action.MANAGE_SERVICE,
        Action.MANAGE_ACTIVITIES,
        Action.MANAGE_BOOKS,
        Action.MANAGE_COBUILDING,
    }
)
_ORGANISATION_CLERK = _COMMUNITY_WORKER | {
    Action.MANAGE_ORGANISATIONS,
    Action.MANAGE_MEMBERS,
    Action.APPROVE_AGREEMENTS,
}

ROLES: dict[str, frozenset[Action]] = {
    "viewer": frozenset({Action.READ}),
    "base-clerk": _BASE_CLERK,
    "base-manager": _BASE_CLERK | {Action.MANAGE_BASES},
    "community-worker": _COMMUNITY_WORKER,
    "organisation-clerk": _ORGANISATION_CLERK,
    "help-officer": _COMMUNITY_WORKER | {Action.READ_PERSONAL, Action.READ_HELP_FILES},
    "personnel-officer": _ORGANISATION_CLERK | {Action.READ_PERSONAL, Action.MANAGE_POINTS},
    "auditor": frozenset({Action.READ, Action.READ_EVENTS, Action.AUDIT}),
    "admin": frozenset(Action),
}

ROLE_LABEL: dict[str, str] = {
    "viewer": "查看人员",
    "base-clerk": "基地工作人员",
    "base-manager": "基地管理员",
    "community-worker": "社区工作者",
    "organisation-clerk": "组织干事",
    "help-officer": "帮扶专干",
    "personnel-officer": "组织员",
    "auditor": "审计人员",
    "admin": "系统管理员",
}
