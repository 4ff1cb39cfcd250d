"""Who gives a command, as the audit log names them."""

import getpass
import socket


def this_user() -> str:
    """Return the name of the user of this process at this machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        name = "unknown"
    return f"{name}@{socket.gethostname()}"
