"""What is left free of a disk, so that on a box that does all, one part cannot starve another.

Images are many and large, records few and small: images stop while there is still room for
records. The station stops first, for the server has to be able to take what it delivers.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reserve:
    """A share of a disk, 0 to 1, and no more than so many bytes."""

    share: float
    most_bytes: int

    def room_bytes(self, folder: Path) -> int:
        """Return how much may be written on the disk of `folder`; below 0 when it is too full.

        Raises OSError.
        """
        disk = shutil.disk_usage(folder)
        return disk.free - min(self.most_bytes, round(self.share * disk.total))


STATION_RESERVE = Reserve(0.10, 1_000_000_000)
SERVER_RESERVE = Reserve(0.05, 500_000_000)
"""For images; records are written as long as there is a byte."""
