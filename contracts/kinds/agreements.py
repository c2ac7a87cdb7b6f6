"""Codes of agreements with units. Kinds of agreement are data; states and reckonings are fixed."""

from contracts.kinds.labelled import Labelled


class AgreementKind(Labelled):
    """Seeds of the kinds of `agreement`."""

    TWO_WAY = "two-way", "双向共建协议"
    JOINT = "joint", "联建协议"
    SERVICE_COOPERATION = "service-cooperation", "服务合作协议"
    MERCHANT = "merchant", "商户服务协议"
    POSTED = "posted", "下派包联协议"
    VENUE = "venue", "场地共享协议"


class AgreementStatus(Labelled):
    DRAFT = "draft", "起草中"
    IN_REVIEW = "in-review", "内部审核中"
    OFFERED = "offered", "已发出待签"
    HALF_SIGNED = "half-signed", "一方已签"
    CONCLUDED = "concluded", "已签订未开始"
    EFFECTIVE = "effective", "履行中"
    REJECTED = "rejected", "已拒签"
    CANCELLED = "cancelled", "已撤销"
    LAPSED = "lapsed", "逾期未签失效"
    RENEWED = "renewed", "已续签"
    EXPIRED = "expired", "已到期"
    TERMINATED = "terminated", "已终止"


class Reckoning(Labelled):
    """How a duration becomes a last day. Civil Code (民法典) 201 and 202."""

    DATES = "dates", "按约定的起止日期"
    COUNTED = "counted", "首日计入"
    STATUTORY = "statutory", "首日不计入"


class Side(Labelled):
    OFFICE = "office", "我方"
    UNIT = "unit", "单位方"


class SigningManner(Labelled):
    """What a side's signing means on paper (签字盖章)."""

    SIGNATURE = "signature", "签字"
    SEAL = "seal", "盖章"
    BOTH = "both", "签字并盖章"


class SignatureVoidReason(Labelled):
    REVISED = "revised", "文本已修改"
    REJECTED = "rejected", "对方拒签"
    CANCELLED = "cancelled", "协议已撤销"
    LAPSED = "lapsed", "逾期未签"


class EndReason(Labelled):
    """Seeds of the kinds of `agreement-end`: why one ended before its last day, or never began."""

    BY_BOTH = "by-both", "双方协商"
    BY_OFFICE = "by-office", "我方提出"
    BY_UNIT = "by-unit", "单位方提出"
    BREACH = "breach", "未履行约定"
    UNIT_GONE = "unit-gone", "单位迁出或撤销"
    MISTAKE = "mistake", "登记有误"
    OTHER = "other", "其他"


class AmendmentStatus(Labelled):
    DRAFTED = "drafted", "起草中"
    OFFERED = "offered", "已发出待签"
    HALF_SIGNED = "half-signed", "一方已签"
    AGREED = "agreed", "已生效"
    REJECTED = "rejected", "已拒签"
    CANCELLED = "cancelled", "已撤销"
    VOID = "void", "随协议失效"
