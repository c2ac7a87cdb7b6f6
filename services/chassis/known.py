"""Refusals of what a command names and nobody here knows: codes, areas, organisations. Pure."""

from uuid import UUID

from services.chassis.errors import Conflict, Invalid


class CodeTaken(Conflict):
    code = "code-taken"
    title, title_zh = "The code is in use", "代码已被使用"


class AreaUnknown(Invalid):
    code = "area-unknown"
    title, title_zh = "The area is not registered", "区划尚未登记"


class OrganisationUnknown(Invalid):
    code = "organisation-unknown"
    title, title_zh = "There is no such organisation", "没有该党组织"


def code_taken(code: str, zh: str = "代码", *, field: str = "code") -> CodeTaken:
    """`zh` is what such codes are called."""
    return CodeTaken(
        f"Code {code} is in use.", zh=f"{zh} {code} 已被使用。", field=field, value=code
    )


def area_unknown(code: str, *, field: str = "area") -> AreaUnknown:
    return AreaUnknown(
        f"Area {code} is not registered.", zh=f"区划 {code} 尚未登记。", field=field, value=code
    )


def organisation_unknown(
    organisation_id: UUID, *, field: str = "organisation_id", zh: str = "没有该编号的党组织。"
) -> OrganisationUnknown:
    return OrganisationUnknown(
        f"No organisation {organisation_id}.", zh=zh, field=field, value=str(organisation_id)
    )
