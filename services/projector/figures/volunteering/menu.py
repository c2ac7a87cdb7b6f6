"""The menu, requests, and numbers that are stated."""

from contracts.kinds.books import Bound
from contracts.kinds.volunteering import (
    RequestChannel,
    ServiceMeasure,
    Timeliness,
)
from contracts.membership.volunteering import (
    ServiceAssigned,
    ServiceDeclined,
    ServiceItemChanged,
    ServiceItemOffered,
    ServiceItemRetracted,
    ServiceQuantityRetracted,
    ServiceQuantityStated,
    ServiceRated,
    ServiceRendered,
    ServiceRequested,
    ServiceRetracted,
)
from services.projector.declare import (
    Dimension,
    Flow,
    Ratio,
    Reads,
    Stock,
    adds,
    moves,
    removes,
)
from services.projector.figures.volunteering.common import SERVICE_KIND, STAR, said

CHANNEL = Dimension.of_kinds("channel", "点单方式", RequestChannel)
OF_REQUEST = (SERVICE_KIND, CHANNEL, STAR)


def _stated(bound: Bound) -> tuple[Reads, ...]:
    said = {"measure": ServiceMeasure.MENU, "bound": bound}
    return (
        *adds(ServiceQuantityStated, "quantity", **said),
        *removes(ServiceQuantityRetracted, "quantity", **said),
    )


MENU = (
    Stock(
        "membership.service_items",
        "服务菜单项目",
        "项",
        "期末在服务菜单上的项目数",
        clauses=(said(2, "服务菜单有项目{n}"),),
        reads=(
            *adds(ServiceItemOffered),
            *moves(ServiceItemChanged),
            *removes(ServiceItemRetracted),
        ),
        dimensions=(SERVICE_KIND, STAR),
    ),
    Flow(
        "membership.service_requests",
        "居民点单",
        "件",
        "本期居民从服务菜单点单的件数",
        clauses=(said(2, "居民点单{n}"),),
        reads=adds(ServiceRequested),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.menu_services",
        "菜单式服务",
        "件",
        "本期完成的菜单式服务件数；含按实数申报的，不含余数和目标",
        clauses=(said(2, "完成“菜单式”服务{n}"),),
        reads=(
            *adds(ServiceRendered),
            *_stated(Bound.EXACT),
        ),
    ),
    Flow(
        "membership.services_rendered",
        "已完成的点单",
        "件",
        "本期完成的点单件数，可按服务类别、点单方式、星级细分",
        reads=adds(ServiceRendered),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.services_declined",
        "未能受理的点单",
        "件",
        "本期未能受理的点单件数",
        reads=adds(ServiceDeclined),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.services_withdrawn",
        "居民撤回的点单",
        "件",
        "本期居民撤回的点单件数",
        reads=adds(ServiceRetracted),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.services_assigned",
        "派单",
        "件",
        "本期派出的点单件数",
        reads=adds(ServiceAssigned),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.services_in_time",
        "时限内派单",
        "件",
        "本期在响应时限内派出的点单件数（十五分钟党员服务圈）",
        reads=adds(ServiceAssigned, timeliness=Timeliness.IN_TIME),
        dimensions=OF_REQUEST,
    ),
    Ratio(
        "membership.services_in_time_rate",
        "派单及时率",
        "%",
        "时限内派单占派单的百分比",
        clauses=(said(2, "派单及时率{n}"),),
        over=("membership.services_in_time",),
        under=("membership.services_assigned",),
        scale=100,
    ),
    Flow(
        "membership.services_waited",
        "响应用时",
        "分钟",
        "本期各点单从提出到派单的分钟数之和",
        reads=adds(ServiceAssigned, "waited_minutes"),
        dimensions=OF_REQUEST,
    ),
    Ratio(
        "membership.services_average_wait",
        "平均响应用时",
        "分钟",
        "响应用时除以派单件数",
        over=("membership.services_waited",),
        under=("membership.services_assigned",),
    ),
    Flow(
        "membership.services_rated",
        "居民评价",
        "次",
        "本期居民评价的次数",
        reads=adds(ServiceRated),
        dimensions=OF_REQUEST,
    ),
    Flow(
        "membership.service_rating_points",
        "评价得分",
        "分",
        "本期居民评价的得分之和",
        reads=adds(ServiceRated, "rating"),
        dimensions=OF_REQUEST,
    ),
    Ratio(
        "membership.service_rating",
        "平均评分",
        "分",
        "评价得分除以评价次数，满分 5 分",
        clauses=(said(2, "居民平均评分{n}"),),
        over=("membership.service_rating_points",),
        under=("membership.services_rated",),
    ),
)

BOUNDS = (
    Flow(
        "membership.menu_services_at_least",
        "菜单式服务（余数）",
        "件",
        "本期以“余”申报的菜单式服务件数，是下限，不与实数相加",
        clauses=(said(2, "开展“菜单式”服务不少于{n}"),),
        reads=_stated(Bound.AT_LEAST),
    ),
    Flow(
        "membership.menu_services_target",
        "菜单式服务目标",
        "件",
        "本期申报的菜单式服务目标件数，不是完成数",
        reads=_stated(Bound.TARGET),
    ),
)
