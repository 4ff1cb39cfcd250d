"""Reads the XML of one Pascal VOC label file, and nothing else that XML can do.

A document type is refused, so no entity is ever declared or expanded and nothing is fetched;
depth, size and number of boxes are limited.
"""

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ...core.errors import DatasetError
from .places import read_text

MOST_OBJECTS = 10_000
MOST_DEPTH = 16
MOST_LETTERS = 4096
SIDES = ("xmin", "ymin", "xmax", "ymax")


@dataclass(slots=True)
class VocObject:
    """One labelled object: the line it begins in, its class, and its sides as written."""

    line: int
    name: str = ""
    sides: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class VocFile:
    """What one file says."""

    filename: str = ""
    width: str = ""
    height: str = ""
    objects: list[VocObject] = field(default_factory=list)


def read_voc_file(path: Path) -> VocFile:
    """Read one file. Raises DatasetError, naming the line."""
    content = read_text(path)
    reader = _Reader(path)
    try:
        reader.parser.Parse(content.encode(), True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise DatasetError(f"{path}, line {error.lineno}: no XML ({said}); mend it.") from None
    if reader.top != "annotation":
        raise DatasetError(f"{path}: no Pascal VOC labels; they begin with <annotation>.")
    return reader.file


class _Reader:
    """Follows the tags of a file; keeps the text of those that matter."""

    def __init__(self, path: Path) -> None:
        self.path, self.file, self.top = path, VocFile(), ""
        self.tags: list[str] = []
        self.text = ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._letters

    def _refuse(self, why: str) -> DatasetError:
        return DatasetError(f"{self.path}, line {self.parser.CurrentLineNumber}: {why}")

    def _doctype(self, *_declared: object) -> None:
        raise self._refuse("declares a document type; labels need none, remove it.")

    def _start(self, tag: str, _attributes: object) -> None:
        self.top = self.top or tag
        self.tags.append(tag)
        self.text = ""
        if len(self.tags) > MOST_DEPTH:
            raise self._refuse("nested too deeply; no labels are.")
        if self.tags == ["annotation", "object"]:
            if len(self.file.objects) == MOST_OBJECTS:
                raise self._refuse(f"more than {MOST_OBJECTS} objects; no image has so many.")
            self.file.objects.append(VocObject(self.parser.CurrentLineNumber))

    def _letters(self, letters: str) -> None:
        self.text += letters
        if len(self.text) > MOST_LETTERS:
            raise self._refuse("a text without an end; no label is so long.")

    def _end(self, _tag: str) -> None:
        said, self.text = self.text.strip(), ""
        match self.tags:
            case ["annotation", "filename"]:
                self.file.filename = said
            case ["annotation", "size", "width"]:
                self.file.width = said
            case ["annotation", "size", "height"]:
                self.file.height = said
            case ["annotation", "object", "name"]:
                self.file.objects[-1].name = said
            case ["annotation", "object", "bndbox", side] if side in SIDES:
                self.file.objects[-1].sides[side] = said
        self.tags.pop()
