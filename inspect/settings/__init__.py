"""One validated tree of settings, read once at the door."""
