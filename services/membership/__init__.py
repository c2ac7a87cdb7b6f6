"""Areas and the organisation tree (区划与党组织)."""

SERVICE = "membership"
