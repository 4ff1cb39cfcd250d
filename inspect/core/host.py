"""Where a device on the network is: a host and a port. Light to import."""

from __future__ import annotations

HIGHEST_PORT = 65_535


def parse_host(where: str, port: int) -> tuple[str, int]:
    """Return host and port of `10.0.0.7:502`, `plc` or `[fe80::1]:502`; `port` where none is named.

    Raises ValueError with what is wrong.
    """
    host, colon, named = where.rpartition(":") if not where.endswith("]") else (where, "", "")
    host, named = (host, named) if colon else (where, str(port))
    return host.strip("[]"), parse_number(named, "port", HIGHEST_PORT)


def parse_number(text: str, what: str, highest: int) -> int:
    """Return a whole number from 0; raises ValueError that says it is no `what`."""
    if not text.isascii() or not text.isdecimal() or int(text) > highest:
        raise ValueError(f"{text or 'nothing'} is no {what}; write a number up to {highest}")
    return int(text)
