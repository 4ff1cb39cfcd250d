"""Pictures of the worst mistakes, with what the model saw drawn in."""

import base64
from collections.abc import Sequence

import cv2
import numpy as np

from ....core.errors import DatasetError, ImageError
from ....core.finding import BoxPx
from ....core.frame import Image
from ....core.manifest import ModelManifest
from ....datasets.images import read_image
from ...placement import place
from ..defects import Defects
from ..heat import heat_of
from ..outcome import Outcome

LONG_SIDE_PX = 320
JPEG_QUALITY = 82
HEAT_BGR, FINDING_BGR, DEFECT_BGR = (0, 90, 255), (40, 40, 255), (255, 220, 0)


def plain_and_marked(
    outcome: Outcome, threshold: float, manifest: ModelManifest
) -> tuple[str, str] | None:
    """Return the picture as it is and with marks, as data URIs; None when it is gone by now.

    Orange is where the map comes near the threshold, red boxes are findings, a line in light blue
    goes around the marked defects.
    """
    try:
        image = read_image(outcome.image.path)
    except ImageError:
        return None
    marked = _heated(image, outcome, threshold, manifest)
    scale = min(1.0, LONG_SIDE_PX / max(image.shape[:2]))
    plain, marked = _shrunk(image, scale), _shrunk(marked, scale)
    _outline_defects(marked, outcome, image.shape[1], image.shape[0])
    _draw(marked, [box.box_px for box in outcome.boxes], scale, DEFECT_BGR, 1)
    findings = outcome.judgement.findings if outcome.judgement else ()
    _draw(marked, [finding.box_px for finding in findings], scale, FINDING_BGR, 2)
    return _data_uri(plain), _data_uri(marked)


def _heated(image: Image, outcome: Outcome, threshold: float, manifest: ModelManifest) -> Image:
    """Return the picture, orange where the map reaches half the threshold, more so from there."""
    judgement = outcome.judgement
    if judgement is None or judgement.anomaly_map is None or threshold <= 0:
        return image.copy()
    heat = heat_of(judgement.anomaly_map, place(image, manifest)) / threshold
    share = (0.55 * (heat - 0.5).clip(0, 1))[:, :, None]
    return np.asarray(image * (1 - share) + np.array(HEAT_BGR) * share, np.uint8)


def _outline_defects(marked: Image, outcome: Outcome, width_px: int, height_px: int) -> None:
    if outcome.image.mask is None:
        return
    try:
        region = Defects.of_mask(outcome.image.mask, width_px, height_px).region
    except DatasetError:
        return
    size = marked.shape[1], marked.shape[0]
    small = cv2.resize((region > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    outlines, _ = cv2.findContours(
        (np.asarray(small) > 0).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    cv2.drawContours(marked, outlines, -1, DEFECT_BGR, 1, cv2.LINE_AA)


def _draw(
    marked: Image,
    boxes: Sequence[BoxPx],
    scale: float,
    colour: tuple[int, int, int],
    width_px: int,
) -> None:
    for box in boxes:
        left, top, right, bottom = (round(side * scale) for side in box)
        cv2.rectangle(marked, (left, top), (right - 1, bottom - 1), colour, width_px)


def _shrunk(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image.copy()
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _data_uri(image: Image) -> str:
    encoded, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not encoded:
        raise DatasetError("a picture could not be encoded; free memory and try again.")
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
