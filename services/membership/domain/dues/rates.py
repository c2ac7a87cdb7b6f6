"""What somebody owes a month: the tables of 《关于中国共产党党费收缴、使用和管理的规定》(2008)."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.kinds.dues import Payer
from services.chassis.errors import Invalid
from services.chassis.rules import Book, Rule

PARTS = 10_000
"""Rates are so many parts of this: 50 are 0.5 %."""


class Bracket(BaseModel):
    """The rate applies to the whole income, not to the part above the bracket before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    up_to: int | None = Field(title="月收入上限（分，含本数）；空为不限", ge=0)
    rate: int = Field(title="交纳比例（万分之）", ge=0, le=PARTS)


class _Table(Rule):
    brackets: tuple[Bracket, ...] = Field(title="各档", min_length=1)

    @model_validator(mode="after")
    def _rising_and_open(self) -> "_Table":
        limits = [bracket.up_to for bracket in self.brackets]
        bounded = [limit for limit in limits[:-1] if limit is not None]
        if limits[-1] is not None or len(bounded) < len(limits) - 1:
            raise ValueError("只有最后一档不设上限")
        if bounded != sorted(set(bounded)):
            raise ValueError("各档上限应逐档升高")
        return self


class SalariedDues(_Table):
    """Articles 2 to 4: of the monthly income after tax; `ANNUAL` and `SELF_EMPLOYED` alike."""

    code: ClassVar[str] = "dues.salaried"
    label: ClassVar[str] = "有收入党员交纳党费的比例"


class RetiredDues(_Table):
    """Article 5: of the pension."""

    code: ClassVar[str] = "dues.retired"
    label: ClassVar[str] = "离退休党员交纳党费的比例"


class FixedDues(Rule):
    """Article 6: amounts a month for those without a salary."""

    code: ClassVar[str] = "dues.fixed"
    label: ClassVar[str] = "农民、学生、下岗失业等党员每月交纳的党费"

    farmer_least: int = Field(title="农民党员每月最少（分）", ge=0)
    farmer_most: int = Field(title="农民党员每月最多（分）", ge=0)
    other: int = Field(title="学生、下岗失业、依靠抚恤或救济生活的党员每月（分）", ge=0)


class DuesRounding(Rule):
    """The regulation is silent on fractions; half a step and more counts as one."""

    code: ClassVar[str] = "dues.rounding"
    label: ClassVar[str] = "党费计算的尾数"

    step: int = Field(title="计至几分，四舍五入", ge=1)


RATES = (SalariedDues, RetiredDues, FixedDues, DuesRounding)


class BasisMissing(Invalid):
    code = "dues-basis-missing"
    title, title_zh = "The dues cannot be computed from that", "缺少计算党费的依据"


class FarmerDuesOutOfRange(Invalid):
    code = "farmer-dues-out-of-range"
    title, title_zh = "The amount is out of range", "农民党员党费标准超出范围"


@dataclass(frozen=True)
class Due:
    """Bracket: its number from 1, or `fixed`. It says no more of the income than the due does."""

    monthly: int
    bracket: str
    rule: type[Rule]


def monthly_due(payer: Payer, book: Book, *, income: int | None, amount: int | None) -> Due:
    """By the article for `payer`: of the monthly `income`, or the fixed amount.

    Farmers name the `amount` within the article's range. Raises `BasisMissing` where the wrong one
    is given, `FarmerDuesOutOfRange`.
    """
    match payer:
        case Payer.SALARIED | Payer.ANNUAL | Payer.SELF_EMPLOYED:
            return _by_table(SalariedDues, book, _given(income, amount, "income"))
        case Payer.RETIRED:
            return _by_table(RetiredDues, book, _given(income, amount, "income"))
        case Payer.FARMER:
            fixed = book[FixedDues]
            named = _given(amount, income, "amount")
            if not fixed.farmer_least <= named <= fixed.farmer_most:
                raise FarmerDuesOutOfRange(
                    f"Farmers pay {fixed.farmer_least} to {fixed.farmer_most} fen a month.",
                    zh=f"农民党员每月交纳 {yuan(fixed.farmer_least)} 至"
                    f" {yuan(fixed.farmer_most)} 元党费。",
                    field="amount",
                    least=fixed.farmer_least,
                    most=fixed.farmer_most,
                )
            return Due(named, "fixed", FixedDues)
        case Payer.STUDENT | Payer.UNEMPLOYED | Payer.RELIEF:
            if income is not None or amount is not None:
                raise _missing("nothing", "income" if income is not None else "amount")
            return Due(book[FixedDues].other, "fixed", FixedDues)


def yuan(fen: int) -> str:
    """`123` 分 as `1.23`."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02}"


def rounded(parts: int, step: int) -> int:
    """`parts` ten-thousandths of a 分, to the nearest `step` 分; a half goes up."""
    unit = PARTS * step
    return (parts + unit // 2) // unit * step


def _by_table(table: type[SalariedDues | RetiredDues], book: Book, income: int) -> Due:
    for number, bracket in enumerate(book[table].brackets, 1):
        if bracket.up_to is None or income <= bracket.up_to:
            monthly = rounded(income * bracket.rate, book[DuesRounding].step)
            return Due(monthly, str(number), table)
    raise AssertionError("the last bracket has no limit")


def _given(wanted: int | None, other: int | None, field: str) -> int:
    if wanted is None or other is not None:
        raise _missing(field, field)
    return wanted


def _missing(wanted: str, field: str) -> BasisMissing:
    zh = {
        "income": "按比例交纳党费的党员，请只填写每月收入（税后，分）。",
        "amount": "农民党员请只填写每月交纳的金额（分）。",
        "nothing": "该类党员党费为定额，不填收入和金额。",
    }
    return BasisMissing(f"This kind of payer states {wanted}.", zh=zh[wanted], field=field)
