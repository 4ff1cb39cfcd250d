"""What someone says of a network that came from elsewhere; the network itself does not tell."""

from dataclasses import dataclass
from enum import StrEnum

from ...core.manifest import Resize


class Layout(StrEnum):
    """How a network lays out its answer."""

    YOLO = "yolo"
    YOLO_NMS = "yolo-nms"
    YOLOX = "yolox"
    RTDETR = "rtdetr"
    RFDETR = "rfdetr"
    CLASSIFIER = "classifier"


class Scaling(StrEnum):
    """What a network expects of its input's numbers: 0 to 1, 0 to 255, or ImageNet's statistics."""

    UNIT = "unit"
    BYTE = "byte"
    IMAGENET = "imagenet"


class Colours(StrEnum):
    """In which order it expects the colours."""

    RGB = "rgb"
    BGR = "bgr"


@dataclass(frozen=True, slots=True)
class InputForm:
    """How a frame becomes the network's input."""

    resize: Resize
    scaling: Scaling
    colours: Colours


USUAL: dict[Layout, InputForm] = {
    Layout.YOLO: InputForm("letterbox-114", Scaling.UNIT, Colours.RGB),
    Layout.YOLO_NMS: InputForm("letterbox-114", Scaling.UNIT, Colours.RGB),
    Layout.YOLOX: InputForm("letterbox-114-corner", Scaling.BYTE, Colours.BGR),
    Layout.RTDETR: InputForm("halve-linear", Scaling.UNIT, Colours.RGB),
    Layout.RFDETR: InputForm("halve-linear", Scaling.IMAGENET, Colours.RGB),
    Layout.CLASSIFIER: InputForm("halve-linear", Scaling.IMAGENET, Colours.RGB),
}
"""What each kind of network is usually trained with, by those who publish it."""
