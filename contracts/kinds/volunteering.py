"""Codes of volunteering: teams, skills, the menu of services, help files, micro-wishes."""

from contracts.kinds.labelled import Labelled

# Fixed


class SkillRegister(Labelled):
    """Which register a skill stands in."""

    OFFER = "offer", "可提供服务项目"
    TALENT = "talent", "草根能人库"


class SkillStatus(Labelled):
    OFFERED = "offered", "待支部审核"
    APPROVED = "approved", "已存档"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class StarTier(Labelled):
    """Of a volunteer, what their hours have earned; of a menu item, what it asks of one."""

    NONE = "none", "未定星级"
    ONE = "one", "一星级"
    TWO = "two", "二星级"
    THREE = "three", "三星级"
    FOUR = "four", "四星级"
    FIVE = "five", "五星级"


class RequestChannel(Labelled):
    """How a resident's choice from the menu reached the community."""

    FORM = "form", "填写登记表"
    PHONE = "phone", "电话"
    WECHAT = "wechat", "微信"
    WEB = "web", "网上"
    IN_PERSON = "in-person", "上门"


class RequestStatus(Labelled):
    REQUESTED = "requested", "已点单"
    ASSIGNED = "assigned", "已派单"
    DONE = "done", "已完成"
    DECLINED = "declined", "未能受理"
    WITHDRAWN = "withdrawn", "已撤回"


class Timeliness(Labelled):
    """Whether a request was assigned within the response target."""

    IN_TIME = "in-time", "时限内"
    LATE = "late", "超时"


class ServiceMeasure(Labelled):
    """What a stated number of services counts."""

    MENU = "menu", "菜单式服务"


class ServiceSource(Labelled):
    """What earned a volunteer their time of service."""

    REQUEST = "request", "菜单式服务"
    HELP_VISIT = "help-visit", "帮扶走访"
    WISH = "wish", "微心愿"
    ACTIVITY = "activity", "志愿服务活动"


class PairMode(Labelled):
    """How helpers and households are matched."""

    FIVE_TO_ONE = "five-to-one", "五帮一"
    ONE_TO_ONE = "one-to-one", "一对一"
    ONE_TO_MANY = "one-to-many", "一对多"


class HelpFileEnd(Labelled):
    """Why a help file was closed and destroyed."""

    SETTLED = "settled", "困难已解除"
    CONSENT_WITHDRAWN = "consent-withdrawn", "家庭撤回同意"
    MOVED_AWAY = "moved-away", "迁出"
    EXPIRED = "expired", "到期未续"
    ENTERED_WRONGLY = "entered-wrongly", "录入有误"


class WishStatus(Labelled):
    COLLECTED = "collected", "待认领"
    CLAIMED = "claimed", "已认领"
    DONE = "done", "已实现"
    EXPIRED = "expired", "已过期"
    WITHDRAWN = "withdrawn", "已撤回"


# Seeds of editable kinds


class TeamKind(Labelled):
    PARTY = "party", "党员志愿服务队"
    WORKING = "working", "在职党员志愿服务队"
    RED = "red", "红色志愿服务队"
    CULTURE = "culture", "文艺志愿服务队"
    CARE = "care", "关爱帮扶志愿服务队"
    MEDIATION = "mediation", "矛盾调解志愿服务队"
    ENVIRONMENT = "environment", "环境整治志愿服务队"
    PATROL = "patrol", "义务巡防队"
    OTHER = "other", "其他志愿服务队"


class ServiceKind(Labelled):
    """What is offered, chosen and rendered."""

    REPAIR = "repair", "家电维修"
    HOUSEKEEPING = "housekeeping", "家政保洁"
    ERRAND = "errand", "代买代办"
    HEALTH = "health", "健康义诊"
    HAIRCUT = "haircut", "义务理发"
    LEGAL = "legal", "法律咨询"
    COUNSELLING = "counselling", "心理疏导"
    TUTORING = "tutoring", "学业辅导"
    COMPANIONSHIP = "companionship", "陪伴关爱"
    MEDIATION = "mediation", "邻里调解"
    ARTS = "arts", "文艺特长"
    CRAFT = "craft", "手工技艺"
    POLICY = "policy", "政策宣讲"
    ENVIRONMENT = "environment", "环境整治"
    OTHER = "other", "其他服务"


class DifficultyKind(Labelled):
    LOW_INCOME = "low-income", "低保户"
    DISABLED = "disabled", "困难残疾人"
    PARTY_HARDSHIP = "party-hardship", "困难党员"
    EMPTY_NEST = "empty-nest", "空巢老人"
    LIVING_ALONE = "living-alone", "独居老人"
    LOST_ONLY_CHILD = "lost-only-child", "失独家庭"
    SEVERE_ILLNESS = "severe-illness", "大病家庭"
    SINGLE_PARENT = "single-parent", "单亲困难家庭"
    UNEMPLOYED = "unemployed", "失业家庭"
    OTHER = "other", "其他困难"


class HelpGrade(Labelled):
    FIRST = "first", "一级帮扶"
    SECOND = "second", "二级帮扶"
    THIRD = "third", "三级帮扶"


class HelpMeasure(Labelled):
    VISIT = "visit", "入户走访"
    CALL = "call", "电话问候"
    GOODS = "goods", "物资帮扶"
    ESCORT = "escort", "陪护就医"
    ERRAND = "errand", "代买代办"
    POLICY = "policy", "政策帮办"
    COUNSELLING = "counselling", "心理疏导"
    EMPLOYMENT = "employment", "就业帮扶"
    HOUSEWORK = "housework", "家务帮扶"
    STUDY = "study", "助学帮扶"


class WishKind(Labelled):
    GOODS = "goods", "生活用品"
    STUDY = "study", "学习用品"
    COMPANIONSHIP = "companionship", "陪伴关爱"
    REPAIR = "repair", "维修改造"
    HEALTH = "health", "健康护理"
    CULTURE = "culture", "文化娱乐"
    OTHER = "other", "其他心愿"
