"""GenICam cameras through a maker's GenTL producer, by `harvesters`."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from mmap import mmap
from pathlib import Path
from time import monotonic
from typing import Any

from ...core.errors import CameraError
from .devices import GigeDevice
from .job import SLOTS, Taken
from .library import BusyError, Features, RefusedError, Value

WAIT_MS = 50
"""Its waiting for a picture cannot be interrupted."""
BITS = 16, 0xFF
"""Where a pixel format's code says how many bits a pixel takes."""


class Gentl:
    """Holds one camera."""

    def __init__(self, producers: Sequence[str], name: str) -> None:
        try:
            from harvesters.core import Harvester
        except ImportError:
            raise CameraError(
                f"{name}: a GenTL producer needs the extra `gige`; pip install 'edgeinspect[gige]'."
            ) from None
        self._harvester = Harvester()
        troubles = [_trouble(each) for each in producers]
        for producer, trouble in zip(producers, troubles, strict=True):
            if trouble is None:
                self._harvester.add_file(producer)
        first = next((each for each in troubles if each), None)
        self.lacks = f"{name}: {first}." if first else ""
        self._camera: Any = None
        self._memory: mmap | None = None
        self._slot_bytes = 0
        self._free = list(range(SLOTS))

    def find(self) -> Sequence[GigeDevice]:
        """Ask the producers, which ask their networks."""
        with _refusals():
            self._harvester.update()
        return [_device(each) for each in self._harvester.device_info_list]

    def open(self, device: GigeDevice) -> Features:
        """Take hold of the camera."""
        from harvesters.core import ParameterKey, ParameterSet

        wait = ParameterSet({ParameterKey.TIMEOUT_PERIOD_ON_UPDATE_EVENT_DATA_CALL: WAIT_MS})
        with _refusals():
            self._camera = self._harvester.create({"id_": device.id}, config=wait)
            self._camera.num_buffers = SLOTS
        return GentlFeatures(self._camera.remote_device.node_map)

    def payload(self) -> int:
        """Return the bytes of one picture."""
        with _refusals():
            stream = self._camera.data_streams[0]
            if stream.defines_payload_size():
                return int(stream.payload_size)
            return int(self._camera.remote_device.node_map.PayloadSize.value)

    def start(self, memory: mmap, slot_bytes: int) -> None:
        """Begin to take pictures."""
        self._memory, self._slot_bytes = memory, slot_bytes
        with _refusals():
            self._camera.start()

    def next(self, wait_s: float) -> Taken | None:
        """Return the next whole picture; of others the camera's own count tells."""
        with _refusals():
            buffer = self._camera.try_fetch(timeout=wait_s, is_raw=True)
            if buffer is None:
                return None
            try:
                return self._taken(buffer, monotonic())
            finally:
                buffer.parent.queue_buffer(buffer)

    def give_back(self, slot: int) -> None:
        """Use a slot again."""
        self._free.append(slot)

    def close(self) -> None:
        """Let go of the camera."""
        with suppress(Exception):
            self._harvester.reset()

    def _taken(self, buffer: Any, captured_s: float) -> Taken:
        if not self._free:
            return Taken(-1, buffer.frame_id, captured_s, "the box did not keep up")
        code, width, height = buffer.pixel_format, buffer.width, buffer.height
        padding = _or_zero(buffer, "padding_x")
        shift, mask = BITS
        size = (width * (code >> shift & mask) // 8 + padding) * height
        data = memoryview(buffer.raw_buffer)[_or_zero(buffer, "image_offset") :][:size]
        slot = self._free.pop()
        at = slot * self._slot_bytes
        assert self._memory is not None
        self._memory[at : at + len(data)] = data
        whole = {"format": code, "width": width, "height": height, "padding": padding}
        return Taken(slot, buffer.frame_id, captured_s, **whole, size=len(data))


class GentlFeatures:
    """What can be set at a camera."""

    def __init__(self, nodes: Any) -> None:
        self._nodes = nodes

    def has(self, name: str) -> bool:
        """Say whether there is such a feature, and it can be read."""
        from genicam.genapi import EAccessMode

        with suppress(Exception):
            node = getattr(self._nodes, name)
            return node.get_access_mode() in (EAccessMode.RO, EAccessMode.RW)
        return False

    def bounds(self, name: str, kind: type[int] | type[float]) -> tuple[float, float]:
        """Return the least and the greatest number."""
        with _refusals():
            node = getattr(self._nodes, name)
            return kind(node.min), kind(node.max)

    def entries(self, name: str) -> Sequence[str]:
        """Return the words that may be set."""
        with _refusals():
            return list(getattr(self._nodes, name).symbolics)

    def read(self, name: str, kind: type[Value] | type[bool]) -> Value:
        """Return what is set."""
        with _refusals():
            return kind(getattr(self._nodes, name).value)

    def write(self, name: str, value: Value) -> None:
        """Set it."""
        with _refusals():
            getattr(self._nodes, name).value = value


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what GenTL and GenApi raise into refusals; each names its own errors."""
    from genicam import genapi, gentl

    try:
        yield
    except (gentl.AccessDeniedException, gentl.ResourceInUseException) as error:
        raise BusyError(_first_line(error)) from None
    except (gentl.GenericException, genapi.GenericException, AttributeError) as error:
        raise RefusedError(_first_line(error)) from None


def _first_line(error: Exception) -> str:
    return str(error).split(" : ")[0].splitlines()[0]


def _trouble(producer: str) -> str | None:
    """Return why a producer cannot be used; to load what is none ends the whole process."""
    mend = "look at `producer` in its address, or at GENICAM_GENTL64_PATH"
    if not Path(producer).is_file():
        return f"there is no GenTL producer {producer}; {mend}"
    try:
        if hasattr(ctypes.CDLL(producer), "GCInitLib"):
            return None
    except OSError as error:
        return f"the GenTL producer {producer} cannot be loaded ({error}); {mend}"
    return f"{producer} is no GenTL producer; {mend}"


def _device(info: Any) -> GigeDevice:
    names = ("id_", "vendor", "model", "serial_number", "user_defined_name")
    return GigeDevice(*(_text(info, name) for name in names))


def _text(info: Any, name: str) -> str:
    with suppress(Exception):  # a producer need not know everything
        return str(getattr(info, name) or "")
    return ""


def _or_zero(buffer: Any, name: str) -> int:
    with suppress(Exception):
        return int(getattr(buffer, name))
    return 0
