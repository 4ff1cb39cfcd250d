"""A station's process whose judge a test holds up: `python held_station.py FOLDER OPTION...`.

A file `hold` in the folder makes the judge wait as long as it is there.
"""

import sys
from pathlib import Path
from time import sleep
from typing import Any

from edgeinspect.cli.main import main
from edgeinspect.core.frame import Image
from edgeinspect.core.judgement import Judgement
from edgeinspect.models.judge import load_judge
from edgeinspect.station import changeover


class HeldJudge:
    """The real judge, when it is let."""

    def __init__(self, judge: Any, folder: Path) -> None:
        self._judge = judge
        self._hold = folder / "hold"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._judge, name)

    def judge(self, image: Image, threshold: float) -> Judgement:
        while self._hold.exists():
            sleep(0.01)
        judgement: Judgement = self._judge.judge(image, threshold)
        return judgement


if __name__ == "__main__":
    folder = Path(sys.argv.pop(1))

    def held(path: Path, **options: Any) -> HeldJudge:
        return HeldJudge(load_judge(path, **options), folder)

    changeover.load_judge = held  # type: ignore[assignment, attr-defined]
    main()
