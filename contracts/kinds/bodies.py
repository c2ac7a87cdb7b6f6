"""Codes of bodies (组织体), in which units, organisations and areas hold seats (席位)."""

from contracts.kinds.labelled import Labelled


class BodyKind(Labelled):
    """Seeds of the kinds of `body`. The trait `layers` says what a new one consists of."""

    EXTENDED_COMMITTEE = "extended-committee", "街道大工委"
    COMMUNITY_COMMITTEE = "community-committee", "社区大党委"
    JOINT_MEETING = "joint-meeting", "联席会议"
    ASSOCIATION = "association", "协会"
    INCUBATOR = "incubator", "孵化中心"
    PROPERTY_INCUBATOR = "property-incubator", "红色物业孵化中心"
    SERVICE_CIRCLE = "service-circle", "便民服务圈"
    SERVICE_NETWORK = "service-network", "服务网络"
    ALLIANCE = "alliance", "党建联盟"
    RESIDENCE_CENTRE = "residence-centre", "社会组织服务中心"
    JOB_HELP = "job-help", "创业就业互助会"
    TEAM = "team", "工作专班"
    ASSIGNMENT = "assignment", "分包联系"


class BodySeatKind(Labelled):
    """Seeds of the kinds of `seat`. Those with the trait `crosses` go in both directions."""

    DIRECTOR = "director", "主任（书记）"
    DEPUTY = "deputy", "副主任（副书记）"
    MEMBER = "member", "委员"
    PART_TIME = "part-time", "兼职委员"
    CROSS = "cross", "交叉任职"
    PARTICIPANT = "participant", "成员"
    INCUBATING = "incubating", "孵化中"
    GRADUATED = "graduated", "已出壳"
    INTERIM = "interim", "代管"
    ASSIGNED = "assigned", "分包联系点"


class BodyStatus(Labelled):
    STANDING = "standing", "运行中"
    DISSOLVED = "dissolved", "已撤销"


class SeatHolder(Labelled):
    """What holds a seat; who sits there for it is known to the service alone."""

    UNIT = "unit", "驻区单位"
    ORGANISATION = "organisation", "党组织"
    AREA = "area", "区划"


class Direction(Labelled):
    """Whose person sits where: the holder's in the body, or the body's with the holder."""

    INWARD = "inward", "到本组织体任职"
    OUTWARD = "outward", "派往对方任职"


class SeatEnd(Labelled):
    LEFT = "left", "退出席位"
    UNIT_LEFT = "unit-left", "单位退出"
    BODY_DISSOLVED = "body-dissolved", "组织体撤销"
