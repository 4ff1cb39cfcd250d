"""The door of a supervised process: it ends with its supervisor, whatever ended that.

Started as `python -P -m edgeinspect.cli.child SUPERVISOR_PID COMMAND ...`. Only the standard
library is imported before the kernel is asked: no moment is left in which an orphan is made.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal this process gets when the thread that made it ends."""


def main() -> None:
    """Tie this process to its supervisor, and run the command."""
    supervisor = int(sys.argv.pop(1))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        sys.exit("the supervisor is gone")
    from .main import main as run

    run()


if __name__ == "__main__":
    main()
