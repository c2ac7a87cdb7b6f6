"""Codes of the organisation tree."""

from contracts.kinds.labelled import Labelled


class OrganisationKind(Labelled):
    WORKING_COMMITTEE = "working-committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general-branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"
