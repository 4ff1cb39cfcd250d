"""Boxes that people drew: a small network on the frozen features, taught in numpy to draw them."""
