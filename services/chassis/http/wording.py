"""Validation messages in Chinese, for people who fill in forms and ledgers."""

from collections.abc import Mapping
from typing import Any

_REASONS: dict[str, str] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "string_type": "应为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "至多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符合要求 {pattern}",
    "greater_than_equal": "应不小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "应不大于 {le}",
    "less_than": "应小于 {lt}",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "uuid_parsing": "应为 UUID 编号",
    "uuid_type": "应为 UUID 编号",
    "date_from_datetime_parsing": "应为日期，如 2019-06-08",
    "date_parsing": "应为日期，如 2019-06-08",
    "date_type": "应为日期，如 2019-06-08",
    "datetime_parsing": "应为带时区的时间，如 2019-06-08T09:00:00+08:00",
    "datetime_from_date_parsing": "应为带时区的时间，如 2019-06-08T09:00:00+08:00",
    "datetime_type": "应为带时区的时间，如 2019-06-08T09:00:00+08:00",
    "timezone_aware": "时间须带时区，如 2019-06-08T09:00:00+08:00",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "too_long": "至多 {max_length} 项",
    "json_invalid": "不是有效的 JSON：{error}",
    "model_attributes_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "value_error": "{error}",
    "parameter_unknown": "没有这个查询参数，可用的有：{known}",
    "parameter_none": "此地址不接受查询参数",
}


def zh_reason(error: Mapping[str, Any]) -> str:
    """The Chinese wording of one pydantic error, or its own English where we have none."""
    template = _REASONS.get(error["type"])
    if template is None:
        return str(error["msg"])
    context = dict(error.get("ctx", {}))
    if "expected" in context:  # 'web', 'phone' or 'form'
        context["expected"] = context["expected"].replace(", ", "、").replace(" or ", "、")
    try:
        return template.format(**context)
    except KeyError:
        return str(error["msg"])
