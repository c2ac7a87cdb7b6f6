"""活动菜单: items with their run-sheets, packages, and the menu of a base."""

from services.bases.api.menu import items, packages, printed

routers = (items.commands, items.queries, packages.commands, packages.queries, printed.queries)
