"""Why a connection does not stand, said once."""

import logging

_log = logging.getLogger(__name__)


class Trouble:
    """What is wrong with one connection at present; `name` is the client's.

    Of one attempt the first explanation is kept: what is known first is nearest the cause.
    A quiet one is not logged: who asks for the `sentence` says it.
    """

    def __init__(self, name: str, *, quiet: bool = False) -> None:
        self._name = name
        self._quiet = quiet
        self._explained = False
        self.sentence: str | None = None

    def begin(self) -> None:
        """Note that another attempt begins."""
        self._explained = False

    def explain(self, sentence: str) -> None:
        """Note why the present attempt came to nothing, unless that is known already."""
        if not self._explained:
            self._explained = True
            self.note(sentence)

    def note(self, sentence: str) -> None:
        """Note what is wrong, and log it when it is news."""
        if sentence != self.sentence and not self._quiet:
            _log.warning("%s: %s It is tried again until it works.", self._name, sentence)
        self.sentence = sentence

    def end(self) -> None:
        """Note that nothing is wrong."""
        self.sentence = None
