"""Ledgers of members: the roll (党员名册), steps of joining, and numbers of people."""

from typing import Any

from contracts.kinds.books import Bound
from contracts.kinds.members import (
    Education,
    HeadcountKind,
    Health,
    JoiningStep,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
    YearsOf,
)
from ops.ledger import cells
from ops.ledger.ledgers.common import (
    CODE_TAKES,
    choice,
    code,
    column,
    day,
    member,
    organisation,
    people,
    since,
    whole,
)
from ops.ledger.model import Batch, Column, Ledger, Row, Vocabulary, sent

ORGANISATION = organisation(
    "党支部代码", "所在党支部的组织代码", aliases=("组织代码", "所在党支部代码"), fixed=True
)
MEMBER = member("党员代码", "“党员名册”中的党员代码", sends="")


def _day(
    heading: str, field: str, takes: str, example: str = "", *, personal: bool = False
) -> Column:
    return day(
        heading,
        field,
        takes,
        example,
        required=False,
        calendar_day=True,
        fixed=True,
        personal=personal,
    )


def _code_of(heading: str, field: str, family: str, takes: str, example: str) -> Column:
    return choice(heading, field, family, takes, example, required=False)


def _member(row: Row) -> dict[str, Any]:
    said = {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if column.member and row.values.get(column.field) is not None
    }
    if "hardship" in said:
        said["hardship"] = said["hardship"] == "true"
    return said


def _on_roster(row: Row) -> dict[str, Any]:
    """The roster names the branch by its code."""
    said = {member: value for member, value in _member(row).items() if member != "organisation_id"}
    return said | {"organisation_code": row.values["organisation"]}


MEMBERS = Ledger(
    name="members",
    sheet="党员名册",
    about="正式党员、预备党员，以及入党申请人、积极分子、发展对象。姓名、电话、身份号码加密保存",
    service="membership",
    collection="/v1/members",
    path="/v1/members",
    one="/v1/members?code={code}",
    edit="/v1/members/{member_id}",
    batch=Batch("/v1/rosters", 500, _on_roster),
    columns=(
        code("党员代码", takes=f"本单位自编，不重复；{CODE_TAKES}", example="D410305001001-0001"),
        ORGANISATION,
        choice(
            "身份",
            "state",
            "member_state",
            "正式党员、预备党员、发展对象、入党积极分子、入党申请人",
            "正式党员",
            fixed=True,
        ),
        column(
            "姓名",
            "name",
            "姓名；加密保存，平时遮挡显示",
            parse=cells.text(60),
            personal=True,
            required=False,
        ),
        column(
            "公民身份号码",
            "identity_number",
            "18 位；加密保存。单元格须为文本格式",
            parse=cells.code(r"[0-9]{17}[0-9Xx]", "填 18 位公民身份号码，单元格设为文本格式"),
            personal=True,
            required=False,
            width=24,
        ),
        column(
            "电话",
            "phone",
            "手机或固定电话；加密保存",
            parse=cells.code(r"\+?[0-9()-]{5,20}", "填手机或固定电话，单元格设为文本格式"),
            personal=True,
            required=False,
        ),
        _day(
            "出生日期", "birth_date", "填了公民身份号码可空；加密保存，另记出生年份", personal=True
        ),
        _code_of("学历", "education", "education", "小学及以下至研究生", "高中、中专"),
        _code_of("就业状况", "work_status", "work_status", "在职、离退休、务农等", "在职"),
        _code_of("职业", "occupation", "occupation", "职业大类", "其他"),
        _code_of("身体状况", "health", "health", "能正常参加、年老体弱、病残", "能正常参加"),
        choice("困难党员", "hardship", "yes_no", "是、否；空着为否", required=False),
        _day("申请日期", "applied_on", "递交入党申请书的日期", "2018-05-04"),
        _day("入党日期", "joined_on", "支部大会接收为预备党员的日期", "2020-07-01"),
        _day("转正日期", "full_on", "转为正式党员的日期；党龄由此计算", "2021-07-01"),
        _day("预备期满日期", "probation_until", "预备党员填写；空着按规定推算"),
        since("列入日期"),
    ),
    body=_member,
)

STEPS = Ledger(
    name="joining_steps",
    sheet="发展党员步骤",
    about="发展党员各步骤的日期，按先后排列；未到规定时间的步骤不能登记",
    service="membership",
    collection="",
    path="/v1/members/{member_id}/steps",
    named_by=(),
    columns=(
        MEMBER,
        choice(
            "步骤",
            "step",
            "joining_step",
            "如：派人谈话、确定为入党积极分子、积极分子培训学习",
            "积极分子培训学习",
        ),
        whole("培训天数", "days", 0, 1000, "集中培训的天数", required=False, width=16),
        whole("培训学时", "hours", 0, 1000, "集中培训的学时", required=False, width=16),
        code(
            "会议记录编号", "minutes", required=False, takes="支部会议记录的编号", example="2019-03"
        ),
        since("日期"),
    ),
)

HEADCOUNTS = Ledger(
    name="headcounts",
    sheet="人数台账",
    about="只记人数、不记名单：服务管理党员、慰问困难党员、老党员体检、社工持证等",
    service="membership",
    collection="/v1/headcounts",
    path="/v1/headcounts",
    named_by=(),
    columns=(
        organisation("组织代码", "登记人数的党组织", example="DW410305001001"),
        choice(
            "类别",
            "kind",
            "headcount",
            "如：服务管理党员、慰问困难党员、考取助理社工师",
            "慰问困难党员",
        ),
        people("人数", "headcount", "整数；“余”字数填下限，并在“数量性质”注明", "30", width=16),
        _code_of("数量性质", "bound", "bound", "实数、余数（下限）、目标；空着为实数", "实数"),
        whole(
            "年限下限",
            "least_years",
            0,
            150,
            "如 80（岁以上）或 50（年党龄以上）",
            required=False,
            width=16,
        ),
        _code_of("年限所指", "years_of", "years_of", "年龄、党龄", "年龄"),
        since("日期"),
    ),
)

VOCABULARY: Vocabulary = {
    "member_state": {
        state.value: state.label for state in MemberState if state is not MemberState.LEFT
    },
    "leaving": {one.value: one.label for one in LeavingReason},
    "education": {one.value: one.label for one in Education},
    "work_status": {one.value: one.label for one in WorkStatus},
    "occupation": {one.value: one.label for one in Occupation},
    "health": {one.value: one.label for one in Health},
    "whereabouts": {one.value: one.label for one in Whereabouts},
    "joining_step": {one.value: one.label for one in JoiningStep},
    "headcount": {one.value: one.label for one in HeadcountKind},
    "bound": {one.value: one.label for one in Bound},
    "years_of": {one.value: one.label for one in YearsOf},
    "yes_no": {"true": "是", "false": "否"},
}
LEDGERS: tuple[Ledger, ...] = (MEMBERS, STEPS, HEADCOUNTS)
