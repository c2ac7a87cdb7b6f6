"""Employers and registrants: who registers where, changes, leaves, comes back."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

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

# Commands and state


@dataclass(frozen=True, kw_only=True)
class Employer:
    employer_id: UUID
    code: str
    name: str
    area: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody serves: a community, and a grid of it where one is known."""

    community: str
    grid: str | None

    @property
    def area(self) -> str:
        return self.grid or self.community


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is said of a registrant without saying who it is."""

    employer_id: UUID
    occupation: str
    skills: tuple[str, ...]
    """Best first."""

    @property
    def main_skill(self) -> str | None:
        return self.skills[0] if self.skills else None


@dataclass(frozen=True, kw_only=True)
class Registrant:
    registrant_id: UUID
    place: Place
    profile: Profile
    state: RegistrantState
    registered_on: date
    left_on: date | None
    claims: int

    def there_on(self, day: date) -> bool:
        """Registered on `day`, the days of coming and leaving included."""
        return self.registered_on <= day and (self.left_on is None or day <= self.left_on)


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

# Decisions


def register_employer(employer: Employer) -> EmployerRegistered:
    return EmployerRegistered(**vars(employer))


def change_employer(was: Employer, now: Employer) -> EmployerChanged | None:
    """`None` when nothing changes."""
    return None if was == now else EmployerChanged(**vars(now), was_area=was.area)


def check_place(place: Place) -> None:
    """Raises `NotACommunity` or `GridElsewhere`."""
    if level_of(place.community) is not AreaLevel.COMMUNITY:
        raise NotACommunity(
            f"{place.community} is no community (12 digits).",
            zh=f"{place.community} 不是社区，应填 12 位社区代码。",
            field="community",
            value=place.community,
        )
    if place.grid is None:
        return
    if level_of(place.grid) is not AreaLevel.GRID or not within(place.grid, place.community):
        raise GridElsewhere(
            f"{place.grid} is no grid of {place.community}.",
            zh=f"{place.grid} 不是社区 {place.community} 的网格。",
            field="grid",
            value=place.grid,
        )


def check_skills(skills: tuple[str, ...]) -> None:
    """Raises `SkillRepeated`."""
    if len(set(skills)) < len(skills):
        raise SkillRepeated(
            "Every skill is said once.", zh="每项专长只填一次。", field="skills", value=list(skills)
        )


def register(registrant_id: UUID, place: Place, profile: Profile) -> RegistrantRegistered:
    check_place(place)
    check_skills(profile.skills)
    return RegistrantRegistered(**_said(registrant_id, place, profile))


def change(
    registrant: Registrant, place: Place, profile: Profile, *, personal: bool = False
) -> RegistrantChanged | None:
    """`None` when nothing changes; `personal` says that name or numbers do.

    The community stays. Raises `AlreadyLeft`.
    """
    CHANGE(registrant.state)
    check_place(place)
    check_skills(profile.skills)
    was = registrant.profile
    if not personal and (place, profile) == (registrant.place, was):
        return None
    return RegistrantChanged(
        **_said(registrant.registrant_id, place, profile),
        was_area=registrant.place.area,
        was_employer_id=was.employer_id,
        was_occupation_kind=was.occupation,
        was_main_skill_kind=was.main_skill,
    )


def leave(registrant: Registrant) -> RegistrantDeparted:
    LEAVE(registrant.state)
    return RegistrantDeparted(
        **_said(registrant.registrant_id, registrant.place, registrant.profile)
    )


def come_back(registrant: Registrant, place: Place, profile: Profile) -> RegistrantReturned:
    """Raises `StillHere`."""
    COME_BACK(registrant.state)
    check_place(place)
    check_skills(profile.skills)
    return RegistrantReturned(**_said(registrant.registrant_id, place, profile))


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


def _said(registrant_id: UUID, place: Place, profile: Profile) -> dict[str, Any]:
    return {
        "area": place.area,
        "registrant_id": registrant_id,
        "employer_id": profile.employer_id,
        "occupation_kind": profile.occupation,
        "main_skill_kind": profile.main_skill,
    }
