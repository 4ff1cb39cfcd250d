"""Counts kept beside the rows, so that a year is read as thousands of rows."""
