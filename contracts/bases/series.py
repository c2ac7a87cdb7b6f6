"""Facts about recurring bookings (系列预约)."""
