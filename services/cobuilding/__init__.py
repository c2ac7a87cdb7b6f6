"""Co-building (区域化党建共建): units, agreements with them, and what was promised."""

SERVICE = "cobuilding"
