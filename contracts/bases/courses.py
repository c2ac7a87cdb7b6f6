"""Facts about courses, their sessions and who signed up (讲习活动)."""
