"""Codes of dues (党费)."""

from contracts.kinds.labelled import Labelled


class Payer(Labelled):
    """By which article of the dues rule somebody pays."""

    SALARIED = "salaried", "按月领取工资"
    ANNUAL = "annual", "实行年薪制"
    SELF_EMPLOYED = "self-employed", "不按月取得收入"
    RETIRED = "retired", "离退休"
    FARMER = "farmer", "农民"
    STUDENT = "student", "学生"
    UNEMPLOYED = "unemployed", "下岗失业"
    RELIEF = "relief", "依靠抚恤或救济生活"


class DuesRhythm(Labelled):
    """How often a branch collects; the due is counted by the month either way."""

    MONTHLY = "monthly", "按月"
    QUARTERLY = "quarterly", "按季"


class DuesChannel(Labelled):
    """How a payment came."""

    CASH = "cash", "现金"
    BANK = "bank", "银行转账"
    ONLINE = "online", "线上交纳"
    DEDUCTED = "deducted", "代扣代交"


class DuesPurpose(Labelled):
    """Dues by standard, or what somebody gives of their own will beyond them."""

    REGULAR = "regular", "党费"
    EXTRA = "extra", "自愿多交"


class DuesDestination(Labelled):
    """Where a payment goes: a large extra one at once goes on to the centre whole."""

    LOCAL = "local", "按规定留存上缴"
    CENTRE = "centre", "全额上缴中央"


class ReliefKind(Labelled):
    """What is waived of somebody's dues in hardship. Why is in no record: it is personal."""

    REDUCED = "reduced", "少交党费"
    EXEMPT = "exempt", "免交党费"


class ReliefState(Labelled):
    PROPOSED = "proposed", "支部已研究，待上级批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    ENDED = "ended", "已终止"


class DuesReversal(Labelled):
    """Why an entry is taken back by another one."""

    MISTYPED = "mistyped", "录入有误"
    WRONG_PAYER = "wrong-payer", "记错党员"
    REPEATED = "repeated", "重复登记"
    REFUNDED = "refunded", "款项退回"
