"""Boxes that people drew around defects, in whatever form they kept them."""
