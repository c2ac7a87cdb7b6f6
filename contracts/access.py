"""Who may do what: roles of the token, what each permits. One table, reviewed like code."""

from enum import StrEnum


class Action(StrEnum):
    """What a route asks for."""

    READ = "read"
    MANAGE_AREAS = "areas.manage"
    MANAGE_ORGANISATIONS = "organisations.manage"
    MANAGE_BASES = "bases.manage"
    HANDLE_BOOKINGS = "bookings.handle"
    READ_EVENTS = "events.read"


_BASE_CLERK = frozenset({Action.READ, Action.HANDLE_BOOKINGS})

ROLES: dict[str, frozenset[Action]] = {
    "viewer": frozenset({Action.READ}),
    "base-clerk": _BASE_CLERK,
    "base-manager": _BASE_CLERK | {Action.MANAGE_BASES},
    "organisation-clerk": frozenset({Action.READ, Action.MANAGE_ORGANISATIONS}),
    "auditor": frozenset({Action.READ, Action.READ_EVENTS}),
    "admin": frozenset(Action),
}

ROLE_LABEL: dict[str, str] = {
    "viewer": "查看人员",
    "base-clerk": "基地工作人员",
    "base-manager": "基地管理员",
    "organisation-clerk": "组织干事",
    "auditor": "审计人员",
    "admin": "系统管理员",
}
