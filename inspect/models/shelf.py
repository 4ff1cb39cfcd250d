"""The judges of a station, by the identity of their models: loaded when asked for, a few kept."""

from collections.abc import Callable
from pathlib import Path

from ..core.errors import ModelError
from ..core.identity import Sha256
from ..core.recipe import Recipe
from .file import read_model
from .judge import Judge

KEPT = 3
"""Judges kept ready, so that a line that goes back and forth between products does not wait."""


class Shelf:
    """Finds a model among the files of a folder, and one beside it; keeps the judges used last.

    `own` is the model of the settings, wherever it lies; `load` reads and proves one file.
    """

    def __init__(self, folder: Path, own: Path, load: Callable[[Path], Judge]) -> None:
        self._folder = folder
        self._own = own
        self._load = load
        self._ready: dict[Sha256, Judge] = {}
        self._known: dict[tuple[Path, int, int], Sha256] = {}

    def put(self, judge: Judge) -> None:
        """Keep a judge that is ready, as the one used last."""
        self._ready.pop(judge.ref.sha256, None)
        self._ready[judge.ref.sha256] = judge
        for sha256 in list(self._ready)[:-KEPT]:
            del self._ready[sha256]

    def judge(self, sha256: Sha256) -> Judge:
        """Return the judge of the model with this identity. Raises ModelError."""
        judge = self._ready.get(sha256) or self._load(self.find(sha256))
        if judge.ref.sha256 != sha256:
            raise ModelError(f"{self._folder}: a model was exchanged just now; ask again.")
        self.put(judge)
        return judge

    def of(self, recipe: Recipe) -> Judge:
        """Return the judge of the model that a recipe names; of the settings' own where it names
        none, for the one in force may be another product's. Raises ModelError.
        """
        return self._own_judge() if recipe.model is None else self.judge(recipe.model)

    def _own_judge(self) -> Judge:
        try:
            identity = self._identity(self._own)
        except OSError as error:
            raise ModelError(
                f"{self._own}: cannot be read ({error.strerror}); put the station's model there."
            ) from None
        return self._load(self._own) if identity is None else self.judge(identity)

    def find(self, sha256: Sha256) -> Path:
        """Return the file of the model with this identity. Raises ModelError."""
        try:
            files = self._own, *sorted(self._folder.glob("*.onnx"))
            return next(path for path in files if self._identity(path) == sha256)
        except OSError as error:
            cause = f"cannot be read ({error.strerror})"
        except StopIteration:
            cause = f"holds no model {sha256[:12]}"
        folder = self._folder.absolute()
        raise ModelError(f"{folder}: {cause}; put the model that the recipe names there.")

    def _identity(self, path: Path) -> Sha256 | None:
        stat = path.stat()
        key = path, stat.st_mtime_ns, stat.st_size
        if key not in self._known:
            try:
                self._known[key] = read_model(path).sha256
            except ModelError:
                return None  # another file lies beside; it is not the one that is sought
        return self._known[key]
