"""Resident identity numbers (公民身份号码, GB 11643): 18 places, a date, a check digit."""

from collections.abc import Mapping
from datetime import date

from services.chassis.errors import Invalid
from services.chassis.spelling import plain

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
"""ISO 7064 MOD 11-2: the weighted sum of the first 17 digits modulo 11 gives the place in here."""
BIRTH = slice(6, 14)


class IdentityNumberWrong(Invalid):
    code = "identity-number-wrong"
    title, title_zh = "This is no identity number", "公民身份号码有误"


class BirthDateDisagrees(Invalid):
    code = "birth-date-disagrees"
    title, title_zh = (
        "The birth date is not that of the identity number",
        "出生日期与公民身份号码不符",
    )


def check_digit(first: str) -> str:
    """The eighteenth place of a number that begins with these 17 digits."""
    return CHECK[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def birth_date_of(number: str) -> date:
    """Raises `IdentityNumberWrong`, which repeats nothing of the number."""
    text = plain(number)
    first, last = text[:-1], text[-1:]
    if len(text) != LENGTH or not (first.isascii() and first.isdigit()):
        raise _wrong("18 places, digits and perhaps a final X", "应为 18 位，末位可为 X")
    if check_digit(first) != last:
        raise _wrong("the check digit does not fit", "校验码不符，请核对各位数字")
    try:
        return date.fromisoformat(text[BIRTH])
    except ValueError:
        raise _wrong("places 7 to 14 are no date", "第 7 至 14 位不是有效日期") from None


def birth_date_in(personal: Mapping[str, str]) -> date | None:
    """Out of both sources. Raises `BirthDateDisagrees`, `IdentityNumberWrong`."""
    number, text = personal.get("identity_number"), personal.get("birth_date")
    found = birth_date_of(number) if number else None
    told = date.fromisoformat(text) if text else None
    if found and told and found != told:
        raise BirthDateDisagrees(
            "`birth_date` is not the date within `identity_number`.",
            zh="出生日期与公民身份号码中的日期不一致。",
            field="birth_date",
        )
    return found or told


def _wrong(detail: str, zh: str) -> IdentityNumberWrong:
    return IdentityNumberWrong(
        f"`identity_number`: {detail}.", zh=f"公民身份号码：{zh}。", field="identity_number"
    )
