"""Employers and registrants: who registers where, changes, leaves, comes back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaLevel, level_of, within
from contracts.kinds.working import RegistrantState
from contracts.membership.working import (
    EmployerChanged,
    EmployerRegistered,
    RegistrantChanged,
    RegistrantDeparted,
    RegistrantRegistered,
    RegistrantReturned,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State


class Employer(State):
    employer_id: UUID
    code: str = Field(title="单位代码")
    name: str = Field(title="单位名称")
    area: str = Field(title="区划")


class Registrant(State):
    """What is said of somebody without saying who it is."""

    registrant_id: UUID
    code: str = Field(title="报到编号")
    community: str = Field(title="社区")
    area: str = Field(title="区划", description="The grid where known, else the community.")
    employer_id: UUID = Field(title="来源单位")
    occupation: str = Field(title="职业")
    skills: list[str] = Field(title="专长")
    """Best first."""
    state: RegistrantState = Field(title="状态")
    registered_on: date = Field(title="报到日期")
    left_on: date | None = Field(title="离开日期")
    claims: int = Field(title="认领岗位数")

    @property
    def main_skill(self) -> str | None:
        return self.skills[0] if self.skills else None

    def there_on(self, day: date) -> bool:
        """Registered on `day`, the days of coming and leaving included."""
        return self.registered_on <= day and (self.left_on is None or day <= self.left_on)

    def facts(self) -> dict[str, Any]:
        """What every event about them repeats."""
        return self.model_dump(include={"area", "registrant_id", "employer_id"}) | {
            "occupation_kind": self.occupation,
            "main_skill_kind": self.main_skill,
        }


# Refusals


class NotACommunity(Invalid):
    code = "not-a-community"
    title, title_zh = "Working members register with a community", "在职党员应向社区报到"


class GridElsewhere(Invalid):
    code = "grid-elsewhere"
    title, title_zh = "The grid lies in another community", "网格不属于该社区"


class EmployerUnknown(Invalid):
    code = "employer-unknown"
    title, title_zh = "There is no such employer", "没有该来源单位"


class RegistrantKnown(Conflict):
    code = "registrant-known"
    title, title_zh = "This person is registered here already", "该同志已在本社区报到"


class AlreadyLeft(Conflict):
    code = "already-left"
    title, title_zh = "The registrant has left", "该同志已离开社区"


class StillHere(Conflict):
    code = "still-here"
    title, title_zh = "The registrant has not left", "该同志仍在册"


class RegistrantUnknown(Invalid):
    code = "registrant-unknown"
    title, title_zh = "There is no such registrant", "没有该报到党员"


class SkillRepeated(Invalid):
    code = "skill-repeated"
    title, title_zh = "A skill is said once", "专长不应重复"


ACTIVE, LEFT = {RegistrantState.ACTIVE}, {RegistrantState.LEFT}
LIFE = Lifecycle("registrant", "在职党员", RegistrantState, AlreadyLeft)
REGISTER = LIFE.begin("register", "报到", RegistrantState.ACTIVE)
CHANGE = LIFE.step("change", "变更", ACTIVE, None)
LEAVE = LIFE.step("leave", "登记离开", ACTIVE, RegistrantState.LEFT)
COME_BACK = LIFE.step("rejoin", "重新报到", LEFT, RegistrantState.ACTIVE, refusal=StillHere)
ERASE = LIFE.step("erase", "删除个人信息", LEFT, None, refusal=StillHere)

# Places


def area_in(community: str, grid: str | None) -> str:
    """Where somebody serves: the grid where known. Raises `NotACommunity` or `GridElsewhere`."""
    if level_of(community) is not AreaLevel.COMMUNITY:
        raise NotACommunity(
            f"{community} is no community (12 digits).",
            zh=f"{community} 不是社区，应填 12 位社区代码。",
            field="community",
            value=community,
        )
    if grid is None:
        return community
    if level_of(grid) is not AreaLevel.GRID or not within(grid, community):
        raise GridElsewhere(
            f"{grid} is no grid of {community}.",
            zh=f"{grid} 不是社区 {community} 的网格。",
            field="grid",
            value=grid,
        )
    return grid


def grid_of(area: str, community: str) -> str | None:
    """The opposite of `area_in`."""
    return area if area != community else None


# Decisions


def register_employer(employer: Employer) -> EmployerRegistered:
    return EmployerRegistered(**dict(employer))


def change_employer(was: Employer, now: Employer) -> EmployerChanged | None:
    """`None` when nothing changes."""
    return None if was == now else EmployerChanged(**dict(now), was_area=was.area)


def check_skills(skills: Sequence[str]) -> None:
    """Raises `SkillRepeated`."""
    if len(set(skills)) < len(skills):
        raise SkillRepeated(
            "Every skill is said once.", zh="每项专长只填一次。", field="skills", value=list(skills)
        )


def register(registrant: Registrant) -> RegistrantRegistered:
    check_skills(registrant.skills)
    return RegistrantRegistered(**registrant.facts())


def change(was: Registrant, now: Registrant, *, personal: bool = False) -> RegistrantChanged | None:
    """`None` when nothing changes; `personal` says that name or numbers do.

    The community stays. Raises `AlreadyLeft`.
    """
    CHANGE(was.state)
    check_skills(now.skills)
    if not personal and now == was:
        return None
    return RegistrantChanged(
        **now.facts(),
        was_area=was.area,
        was_employer_id=was.employer_id,
        was_occupation_kind=was.occupation,
        was_main_skill_kind=was.main_skill,
    )


def leave(registrant: Registrant) -> RegistrantDeparted:
    LEAVE(registrant.state)
    return RegistrantDeparted(**registrant.facts())


def come_back(was: Registrant, now: Registrant) -> RegistrantReturned:
    """Raises `StillHere`."""
    COME_BACK(was.state)
    check_skills(now.skills)
    return RegistrantReturned(**now.facts())


def check_erasable(registrant: Registrant) -> None:
    """Raises `StillHere`: the office needs to reach whoever serves."""
    ERASE(registrant.state)


def known_already(registrant_id: UUID, *, field: str, left: bool) -> RegistrantKnown:
    """The refusal of a second registration, which says what to do instead."""
    instead = "use its rejoin" if left else "change it"
    return RegistrantKnown(
        f"Registrant {registrant_id} has this {field}; {instead}.",
        zh="该手机号或证件号已在本社区报到" + ("，现已离开，请办理重新报到。" if left else "。"),
        field=field,
        registrant_id=str(registrant_id),
    )
