"""Pixels to millimetres, and a recipe's gauges: pure functions on pictures."""
