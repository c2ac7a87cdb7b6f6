"""Codes of liaison points, duty rotas and visits."""

from contracts.kinds.labelled import Labelled


class DutyKind(Labelled):
    """What one goes on duty for."""

    DUTY = "duty", "联络点值班"
    PATROL = "patrol", "义务巡防"
    SUPERVISION = "supervision", "督导检查"
    FIELD_VISIT = "field-visit", "实地走访"


class DutyOutcome(Labelled):
    """Whether whoever was on duty came."""

    ATTENDED = "attended", "到岗"
    MISSED = "missed", "缺岗"


class LiaisonChannel(Labelled):
    """How people reached a liaison point."""

    IN_PERSON = "in-person", "来访"
    CALL = "call", "来电"
    LETTER = "letter", "来信"
    ONLINE = "online", "网络"


class CountUnit(Labelled):
    """What a headcount counts. The two are never added up."""

    PERSON_TIMES = "person-times", "人次"
    PERSONS = "persons", "人"


class LiaisonTopic(Labelled):
    """What people came about."""

    POLICY = "policy", "政策咨询"
    HARDSHIP = "hardship", "困难帮扶"
    DISPUTE = "dispute", "矛盾纠纷"
    ENVIRONMENT = "environment", "环境卫生"
    SAFETY = "safety", "治安消防"
    PROPERTY = "property", "物业管理"
    EMPLOYMENT = "employment", "就业社保"
    PARTY_AFFAIRS = "party-affairs", "党务咨询"
    SUGGESTION = "suggestion", "意见建议"
    OTHER = "other", "其他"


class LiaisonArtefact(Labelled):
    """What a liaison point is fitted out with."""

    ROTA_SHEET = "rota-sheet", "值班表"
    DUTIES_SHEET = "duties-sheet", "岗位职责"
    SERVICE_RULES = "service-rules", "服务制度"
    LOGBOOK = "logbook", "站点工作记录本"
    CONTACT_CARDS = "contact-cards", "党群联系卡"
    FURNITURE = "furniture", "办公桌椅"
