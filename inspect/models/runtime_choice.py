"""Which runtime a model is run in: the one asked for, or the faster of those that prove it."""

import logging
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from ..core.errors import ModelError, RuntimeMissingError
from ..core.frame import Image
from ..core.runtime import Runtime
from .file import ModelFile
from .placement import place
from .proof import prove
from .runtime import Session, open_session
from .runtime_openvino import is_installed, open_in_openvino

WARM_UP_RUNS = 3
LEAST_RUNS = 5
MOST_S = 0.4
"""For the timing of all sessions together, unless `LEAST_RUNS` of each take longer."""
CLEARLY = 0.95
"""Which share of the first's time the second must take: no change of runtime for a whim."""

_log = logging.getLogger(__name__)


def proven_session(file: ModelFile, threads: int, runtime: Runtime) -> Session:
    """Open `file` in the runtime asked for and prove it there; `auto` takes the faster one.

    Raises ModelError when no session answers the references as recorded, RuntimeMissingError
    when the runtime that was asked for is not installed.
    """
    if runtime is not Runtime.AUTO:
        return _proven(file, threads, runtime)
    if not is_installed():
        return _proven(file, threads, Runtime.ONNXRUNTIME)
    proven, errors = [], []
    for each in (Runtime.ONNXRUNTIME, Runtime.OPENVINO):
        try:
            proven.append(_proven(file, threads, each))
        except ModelError as error:
            _log.warning("%s is left aside for this model: %s", each.value, error)
            errors.append(error)
    if not proven:
        raise errors[0]
    pixels = place(file.references[0].image(), file.manifest).pixels
    return faster(proven, pixels) if len(proven) > 1 else proven[0]


def _proven(file: ModelFile, threads: int, runtime: Runtime) -> Session:
    session = opened(file.graph, threads, runtime)
    prove(file, session)
    return session


def opened(graph: bytes, threads: int, runtime: Runtime) -> Session:
    """Open `graph` in a runtime by name. Raises ModelError, RuntimeMissingError."""
    if runtime is Runtime.ONNXRUNTIME:
        return open_session(graph, threads)
    if not is_installed():
        raise RuntimeMissingError(
            "the runtime openvino is not installed; `pip install edgeinspect[openvino]`, or let "
            "the runtime be auto."
        )
    return open_in_openvino(graph, threads)


def faster(sessions: list[Session], pixels: Image) -> Session:
    """Return the first session, or the other where it is clearly faster."""
    first, second = sessions
    first_s, second_s = _medians(sessions, pixels)
    faster = second if second_s < CLEARLY * first_s else first
    _log.info(
        "%s takes %.1f ms, %s %.1f ms: %s is used",
        *(first.runtime, first_s * 1e3, second.runtime, second_s * 1e3, faster.runtime),
    )
    return faster


def _medians(sessions: list[Session], pixels: Image) -> Iterator[float]:
    """Return how long each session takes, in s; they take turns, so that a load hits them all."""
    taken: list[list[float]] = [[] for _ in sessions]
    start = perf_counter()
    while len(taken[0]) < WARM_UP_RUNS + LEAST_RUNS or perf_counter() - start < MOST_S:
        for session, times in zip(sessions, taken, strict=True):
            before = perf_counter()
            session.run(pixels)
            times.append(perf_counter() - before)
    return (median(times[WARM_UP_RUNS:]) for times in taken)
