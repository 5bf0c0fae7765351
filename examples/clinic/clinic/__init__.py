"""Three layers: pages, bookings, the store."""
