"""Facts about the activity menu (活动菜单)."""
