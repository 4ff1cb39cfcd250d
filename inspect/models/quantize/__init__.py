"""A model's backbone in 8-bit integers: measured, rewritten, and refused when it loses too much."""
