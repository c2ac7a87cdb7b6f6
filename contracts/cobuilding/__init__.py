"""Facts announced by the cobuilding service, a module a room (区域化党建共建)."""

from contracts.cobuilding import agreements, alerts, bodies, standards, undertakings, units, venues

__all__ = ["agreements", "alerts", "bodies", "standards", "undertakings", "units", "venues"]
