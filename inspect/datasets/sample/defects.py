"""The sample's defects by class name."""

from collections.abc import Mapping
from types import MappingProxyType

from .blank import Spoil
from .face_faults import dent, scratch, stain
from .form_faults import chip, missing_hole

SPOIL: Mapping[str, Spoil] = MappingProxyType(
    {
        "scratch": scratch,
        "dent": dent,
        "chip": chip,
        "stain": stain,
        "missing_hole": missing_hole,
    }
)
CLASSES = tuple(SPOIL)
