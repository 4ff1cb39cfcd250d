"""Sees in the picture itself that a part is there."""
