"""Codes of the organisation tree, its terms of office, and what it covers."""

from contracts.kinds.labelled import Labelled


class OrganisationKind(Labelled):
    """Seeds the family `organisation`; what each kind is a sort of stands in the table of kinds."""

    WORKING_COMMITTEE = "working-committee", "党工委"
    COMMITTEE = "committee", "党委"
    COMMUNITY_COMMITTEE = "community-committee", "社区党委"
    GREATER_COMMITTEE = "greater-committee", "大党委"
    CIRCLE_COMMITTEE = "circle-committee", "商圈党委"
    GENERAL_BRANCH = "general-branch", "党总支"
    COMMUNITY_GENERAL_BRANCH = "community-general-branch", "社区党总支"
    BRANCH = "branch", "党支部"
    COMMUNITY_BRANCH = "community-branch", "社区党支部"
    VILLAGE_BRANCH = "village-branch", "村党支部"
    OFFICE_BRANCH = "office-branch", "机关党支部"
    ENTERPRISE_BRANCH = "enterprise-branch", "非公企业党支部"
    SOCIAL_BRANCH = "social-branch", "社会组织党支部"
    NEW_BRANCH = "new-branch", "“两新”组织党支部"
    ATTACHED_BRANCH = "attached-branch", "小微企业挂靠党支部"
    GRID_BRANCH = "grid-branch", "网格党支部"
    BUILDING_BRANCH = "building-branch", "楼栋党支部"
    JOINT_BRANCH = "joint-branch", "联合党支部"
    RETIRED_BRANCH = "retired-branch", "离退休党员党支部"
    FUNCTIONAL_BRANCH = "functional-branch", "功能型党支部"
    TEMPORARY_BRANCH = "temporary-branch", "临时党支部"
    COMPOSITE = "composite", "综合党组织"
    GROUP = "group", "党小组"
    BUILDING_GROUP = "building-group", "楼栋党小组"
    HUB_HOUSEHOLD = "hub-household", "党员中心户"
    ALLIANCE = "alliance", "党建联盟"


class Body(Labelled):
    """Whose members an election chose (两委)."""

    PARTY = "party", "党组织班子"
    RESIDENTS = "residents", "居民（村民）委员会"


class SeatKind(Labelled):
    """Seeds the family `seat`: what somebody is in the committee of an organisation."""

    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy-secretary", "副书记"
    ORGANISING = "organising", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪律检查委员"
    UNITED_FRONT = "united-front", "统战委员"
    YOUTH = "youth", "青年委员"
    ORDINARY = "ordinary", "委员"


class NewOrganisationKind(Labelled):
    """Seeds the family `new-organisation` (两新组织)."""

    ENTERPRISE = "enterprise", "非公有制企业"
    SOCIAL = "social", "社会组织"


class Coverage(Labelled):
    """How the Party's work reaches an organisation of the new economy."""

    SEPARATE = "separate", "单独建"
    JOINT = "joint", "联建"
    ATTACHED = "attached", "挂靠建"
    DUE = "due", "应建未建"
    NONE = "none", "未建"
