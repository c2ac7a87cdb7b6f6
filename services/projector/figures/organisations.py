"""Figures of the organisation tree."""

from contracts.kinds import OrganisationKind
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationRegistered,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Naming,
    Section,
    Stock,
    adds,
    moves,
)

ORGANISATION_KIND = Dimension.of_family(
    "organisation_kind", "党组织类别", "organisation", OrganisationKind, read="kind"
)

FIGURES = (
    Stock(
        "membership.organisations",
        "党组织",
        "个",
        "期末在册的党组织数",
        reads=(*adds(OrganisationRegistered), *moves(OrganisationChanged)),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.branches",
        "党支部",
        "个",
        "期末在册的党支部数",
        clauses=(Clause(Section.CONCERNS, 2, "现有党支部{n}"),),
        reads=(
            *adds(OrganisationRegistered, kind=OrganisationKind.BRANCH),
            *moves(OrganisationChanged, kind=OrganisationKind.BRANCH),
        ),
    ),
)

NAMES = (
    Naming(AreaRegistered, Family.AREA, id="area", name="name", code="area"),
    Naming(AreaRenamed, Family.AREA, id="area", name="name", code="area"),
    Naming(
        OrganisationRegistered, Family.ORGANISATION, id="organisation_id", name="name", code="code"
    ),
    Naming(
        OrganisationChanged, Family.ORGANISATION, id="organisation_id", name="name", code="code"
    ),
)
