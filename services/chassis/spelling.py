"""One spelling of what people write in several, so that it is found however it is written. Pure."""

import unicodedata

MOBILE_PLACES = 11
"""Digits of a mobile number."""


def plain(text: str) -> str:
    """One spelling for what people write in several: widths, spaces, case, invisible signs."""
    while (spelt := _spelt(text)) != text:  # taking a space away may join what composes
        text = spelt
    return text


def _spelt(text: str) -> str:
    seen = (
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    )
    return "".join("".join(seen).split()).upper()


def looked_up(field: str, text: str) -> str:
    """What the index takes a field for: a phone is its digits, a name has one middle dot."""
    match field:
        case "phone":
            digits = "".join(sign for sign in plain(text) if sign.isdigit())
            return digits.removeprefix("86") if len(digits) == MOBILE_PLACES + 2 else digits
        case "name":
            return plain(text).translate(MIDDLE_DOTS)
        case _:
            return plain(text)


MIDDLE_DOTS = {ord(dot): "·" for dot in "•‧∙⋅・．."}
