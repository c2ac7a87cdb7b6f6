"""Codes of the organisations' books."""

from contracts.kinds.labelled import Labelled


class Bound(Labelled):
    """What a stated quantity means. Only exact ones are ever counted together."""

    EXACT = "exact", "实数"
    AT_LEAST = "at-least", "余数（下限）"
    TARGET = "target", "目标"


class Book(Labelled):
    """The shapes an entry can have."""

    REGISTER = "register", "登记簿"
    FUND = "fund", "经费台账"
    TASK = "task", "责任清单"


class Duration(Labelled):
    """Whether an entry happened once or stands until it is ended."""

    ONCE = "once", "一次性"
    STANDING = "standing", "在册"


class Rank(Labelled):
    """Who awarded, published or granted."""

    NATIONAL = "national", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区级"
    STREET = "street", "街道级"
    COMMUNITY = "community", "社区级"
    NONE = "none", "不分级"


class TaskState(Labelled):
    OPEN = "open", "未开始"
    UNDER_WAY = "under-way", "进行中"
    DONE = "done", "已完成"
    DROPPED = "dropped", "已取消"


class WithdrawReason(Labelled):
    ENTERED_TWICE = "entered-twice", "重复登记"
    ENTERED_WRONGLY = "entered-wrongly", "登记有误"


class RegisterKind(Labelled):
    """Seeds; which of them stand until ended is a trait of the kind."""

    BRAND = "brand", "党建品牌"
    HONOUR = "honour", "荣誉称号"
    DEMONSTRATION_SITE = "demonstration-site", "示范点"
    DELEGATE_STUDIO = "delegate-studio", "党代表工作室"
    STUDIO = "studio", "党员工作室"
    PREMISES = "premises", "办公用房"
    ACTIVITY_PLACE = "activity-place", "活动阵地"
    CHANNEL = "channel", "宣传平台"
    PRESS_ITEM = "press-item", "媒体刊登"
    VIDEO_PLAY = "video-play", "微视频播放"
    ROLE_MODEL = "role-model", "先进典型"
    MERIT_LIST = "merit-list", "评比表彰党员"
    SERVICE_STAR = "service-star", "服务明星"
    MODEL_POST = "model-post", "党员示范岗"
    MODEL_SHOP = "model-shop", "党员示范店"
    PLEDGE = "pledge", "党员承诺书"
    ESSAY = "essay", "征文"
    REFLECTION = "reflection", "心得体会"
    PILOT = "pilot", "试点称号"
    ESTATE_WITHOUT_MANAGER = "estate-without-manager", "无主管小区"
    ALLIANCE = "alliance", "社会组织党建联盟"
    CERTIFICATE = "certificate", "社工职业资格"
    BENEFIT = "benefit", "关爱慰问"
    SERVICE_MERGED = "service-merged", "整合服务事项"
    SATISFACTION_SURVEY = "satisfaction-survey", "满意度调查"
    DISPLAY_UPDATE = "display-update", "版面修缮更新"
    CENTRE_BUILT = "centre-built", "党群服务中心新建和改扩建"
    CULTURE_SQUARE = "culture-square", "党建文化广场"
    SERVICE_STATION = "service-station", "党群服务工作站"


STANDING_REGISTERS = frozenset(
    {
        *(RegisterKind.BRAND, RegisterKind.DEMONSTRATION_SITE, RegisterKind.DELEGATE_STUDIO),
        *(RegisterKind.STUDIO, RegisterKind.PREMISES, RegisterKind.ACTIVITY_PLACE),
        *(RegisterKind.CHANNEL, RegisterKind.ROLE_MODEL, RegisterKind.MODEL_POST),
        *(RegisterKind.MODEL_SHOP, RegisterKind.PILOT, RegisterKind.ESTATE_WITHOUT_MANAGER),
        *(RegisterKind.ALLIANCE, RegisterKind.CULTURE_SQUARE, RegisterKind.SERVICE_STATION),
    }
)


class FundKind(Labelled):
    PARTY = "party-building", "党建工作经费"
    SERVICE = "serving-residents", "服务群众专项经费"
    COMMUNITY = "community-building", "社区建设经费"
    WORK = "work", "工作经费"
    BASE = "base", "组织生活基地投入"
    BASE_UPGRADE = "base-upgrade", "基地和阵地提升"
    GARDEN = "garden", "小游园建设"
    STAR_ESTATE = "star-estate", "小区星级达标"
    VENUE_RENEWAL = "venue-renewal", "活动场所改造"


class TaskKind(Labelled):
    RESPONSIBILITY_STATEMENT = "responsibility-statement", "党建目标责任书"
    PROBLEM_LIST = "problem-list", "问题清单"
    TASK_LIST = "task-list", "任务清单"
    DUTY_LIST = "duty-list", "责任清单"
    SECRETARY_LEDGER = "secretary-ledger", "书记抓党建台账"
    ASSESSMENT = "assessment", "目标考核"
    IMPROVEMENT_PLAN = "improvement-plan", "场馆提升方案"


class ProfileKind(Labelled):
    """Numbers an area states of itself; each says its unit."""

    SURFACE = "surface", "总面积（平方米）"
    REGISTERED_RESIDENTS = "registered-residents", "户籍人口（人）"
    FLOATING_RESIDENTS = "floating-residents", "流动人口（人）"
    HOUSEHOLDS = "households", "户数（户）"
    ESTATES = "estates", "小区（个）"
    BUILDINGS = "buildings", "楼栋（栋）"
    RESIDENT_UNITS = "resident-units", "驻区单位（家）"
    SHOPS = "shops", "商户（家）"
