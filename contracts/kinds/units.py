"""Codes of resident units (驻区单位) and their contact points. Kinds and traits are data."""

from contracts.kinds.labelled import Labelled


class UnitKind(Labelled):
    """Seeds of the kinds of `unit`. Merchants, often called after a person, are never named."""

    GOVERNMENT = "government", "机关单位"
    PUBLIC_INSTITUTION = "public-institution", "事业单位"
    SCHOOL = "school", "学校"
    HOSPITAL = "hospital", "医院"
    STATE_FIRM = "state-firm", "国有企业"
    NEW_ECONOMY = "new-economy", "新经济组织"
    MERCHANT = "merchant", "商户"
    SOCIAL_ORGANISATION = "social-organisation", "社会组织"
    DEMOCRATIC_PARTY = "democratic-party", "民主党派"
    PROPERTY_MANAGER = "property-manager", "物业服务企业"
    OTHER_BRANCH = "other-branch", "其他系统党组织"
    OTHER = "other", "其他单位"


class UnitTrait(Labelled):
    """Seeds of the kinds of `unit-trait`: what is true of a unit whatever kind it is of."""

    POSTED = "posted", "下派包联"
    FEATURED = "featured", "特色商户"
    VOLUNTEERS = "volunteers", "有志愿服务队"


class UnitStatus(Labelled):
    IN_TOUCH = "in-touch", "在联系"
    LEFT = "left", "已退出"


class ContactKind(Labelled):
    """Seeds of the kinds of `contact`: what a contact point is for."""

    LIAISON = "liaison", "联络员"
    LEADER = "leader", "分管负责人"
    BRANCH = "branch", "党组织联系点"
    VENUE = "venue", "场地联系人"
