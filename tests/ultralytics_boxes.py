"""What ultralytics itself finds in images; run by the fine-tuning environment's Python.

    python tests/ultralytics_boxes.py WEIGHTS SIDE IMAGE...

prints a JSON object: for each image rows of left, top, right, bottom, score, class.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from edgeinspect.models.finetune.torchvision_gap import fill_torchvision_gap


def main() -> None:
    weights, side, *images = sys.argv[1:]
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "YOLO_AUTOINSTALL": "false",
            "YOLO_CONFIG_DIR": home,
            "YOLO_OFFLINE": "true",
        }
        (Path(home) / "Ultralytics").mkdir()
        fill_torchvision_gap()
        from ultralytics import YOLO

        network = YOLO(weights)
        found = {
            image: network.predict(
                image, imgsz=int(side), conf=0.01, rect=False, device="cpu", verbose=False
            )[0].boxes.data.tolist()
            for image in images
        }
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main()
