"""Figures of the activity menu and its packages."""

from contracts.bases.menu import (
    MenuItemChanged,
    MenuItemPublished,
    MenuItemRetired,
    PackagePublished,
    PackageRetired,
)
from contracts.kinds.menu import MenuItemKind
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Naming,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

ITEM_KIND = Dimension.of_family(
    "menu_item_kind", "菜单项目类别", "menu-item", MenuItemKind, read="kind"
)
BASE = Dimension.of_things(Family.BASE, "基地", read="base_id")

FIGURES = (
    Stock(
        "bases.menu_items",
        "活动菜单项目",
        "项",
        "期末在架的活动菜单项目数",
        clauses=(
            Clause(
                Section.BASES, 11, "设活动菜单项目{n}，其中{each}", split=ITEM_KIND.key, joint="；"
            ),
        ),
        reads=(*adds(MenuItemPublished), *moves(MenuItemChanged), *removes(MenuItemRetired)),
        dimensions=(ITEM_KIND, BASE),
    ),
    Stock(
        "bases.packages",
        "红色套餐",
        "个",
        "期末在架的红色套餐数",
        clauses=(Clause(Section.BASES, 11, "推出红色套餐{n}", joint="；"),),
        reads=(*adds(PackagePublished), *removes(PackageRetired)),
        dimensions=(BASE,),
    ),
)

NAMES: tuple[Naming, ...] = ()
