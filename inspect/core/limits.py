"""Limits that station, broker and server must agree on."""

MAX_EVIDENCE_BYTES = 8_000_000
"""One image kept as evidence; the station keeps none that is larger, the server refuses it."""
