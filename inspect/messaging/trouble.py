"""Why a connection does not stand, said once."""

import logging
from collections import Counter
from threading import Lock

_log = logging.getLogger(__name__)


class Told:
    """What is said to be wrong at present, and by how many connections; for several threads.

    A station holds four connections to one broker: what keeps all of them away is said by the
    first, and again when it has been away from all.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._by: Counter[str] = Counter()

    def take(self, sentence: str) -> bool:
        """Note that a connection more suffers from this; say whether it is the first."""
        with self._lock:
            self._by[sentence] += 1
            return self._by[sentence] == 1

    def leave(self, sentence: str) -> None:
        """Note that a connection less suffers from this."""
        with self._lock:
            self._by[sentence] -= 1
            if not self._by[sentence]:
                del self._by[sentence]


_told = Told()
"""Of all connections of this process: the log is the process's, too."""


class Trouble:
    """What is wrong with one connection at present; `name` is the client's.

    Of one attempt the first explanation is kept: what is known first is nearest the cause.
    A quiet one is not logged: who asks for the `sentence` says it.
    """

    def __init__(self, name: str, *, quiet: bool = False, told: Told = _told) -> None:
        self._name = name
        self._quiet = quiet
        self._told = told
        self._explained = False
        self.sentence: str | None = None
        self._said: str | None = None

    def begin(self) -> None:
        """Note that another attempt begins."""
        self._explained = False

    def explain(self, sentence: str) -> None:
        """Note why the present attempt came to nothing, unless that is known already."""
        if not self._explained:
            self._explained = True
            self.note(sentence)

    def note(self, sentence: str) -> None:
        """Note what is wrong, and log it when it is news to all connections."""
        if sentence != self.sentence and not self._quiet:
            is_news = self._told.take(sentence)
            self.close()
            self._said = sentence
            if is_news:
                _log.warning("%s: %s It is tried again until it works.", self._name, sentence)
        self.sentence = sentence

    def end(self) -> None:
        """Note that nothing is wrong."""
        self.close()
        self.sentence = None

    def close(self) -> None:
        """Let others say what this one has said, which says nothing more; the sentence stays."""
        if self._said is not None:
            self._told.leave(self._said)
            self._said = None
