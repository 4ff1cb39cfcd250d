"""The door of the command `edgeinspect`: what goes wrong behind it is told in one sentence.

Next to nothing is imported before `main` runs, so that Ctrl-C is heard in every import.
"""

import os
import sys

DEBUG = "EDGEINSPECT_DEBUG"
INTERRUPTED = 130
"""Exit status after Ctrl-C, which the command line library turns into an exit by itself."""


def main() -> None:
    """Run the command line; an error is one sentence, and a traceback only with --debug."""
    if sys.platform == "win32":
        sys.exit("edgeinspect: Windows is not supported; use Linux.")
    try:
        _run()
    except KeyboardInterrupt:
        _stop()
    except SystemExit as done:
        if done.code == INTERRUPTED:
            _stop()
        raise
    except Exception as error:
        if not _came_of_interrupt(error):
            raise
        _stop()


def _run() -> None:
    from ..core.errors import EdgeInspectError
    from .app import app

    try:
        app()
    except EdgeInspectError as error:
        _fail(str(error), error)
    except Exception as error:  # noqa: BLE001 - the last door before a traceback
        _fail(
            f"unexpected {type(error).__name__}: {error}; `edgeinspect --debug` says more.", error
        )


def _fail(sentence: str, error: Exception) -> None:
    from .terminal import err, plain

    if os.environ.get(DEBUG) or _came_of_interrupt(error):
        raise error
    err.print(f"edgeinspect: {plain(sentence)}", markup=False)
    sys.exit(1)


def _came_of_interrupt(error: BaseException | None) -> bool:
    """Say whether Ctrl-C came first: compiled modules that it meets in an import say otherwise."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _stop() -> None:
    """Say so and leave; another Ctrl-C while the process winds up ends it without a word."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctrl_c_was_echoed = sys.stderr.isatty()
    sys.stderr.write("\nstopped.\n" if ctrl_c_was_echoed else "stopped.\n")
    sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
