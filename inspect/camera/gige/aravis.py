"""GigE cameras through Aravis, which speaks GigE Vision itself; found where Debian installs it."""

import ctypes
from collections.abc import Sequence
from contextlib import suppress
from ctypes import byref, c_char, c_double, c_int, c_int64, c_size_t, c_uint, create_string_buffer
from mmap import mmap
from time import monotonic

from ...core.errors import CameraError
from .aravis_calls import LIBRARY, Calls
from .devices import GigeDevice
from .job import SLOTS, Taken
from .library import BusyError, Features, RefusedError, Value

CHECKED = 1
"""Aravis' ARV_RANGE_CHECK_POLICY_ENABLE."""
WHOLE = 0
"""Aravis' ARV_BUFFER_STATUS_SUCCESS."""
LOST, LATE = "packets of it went lost", "its packets did not come in time"
TROUBLES = {2: LATE, 3: LOST, 4: LOST, 5: "it is larger than the camera said it would be"}


class Aravis:
    """Holds one camera."""

    lacks = ""

    def __init__(self, name: str) -> None:
        try:
            self._arv = Calls()
        except (OSError, AttributeError) as error:
            raise CameraError(
                f"{name}: no producer is there and {LIBRARY} cannot be used ({error}); give "
                "?producer=/path/to/maker's.cti, or apt-get install libaravis-0.8-0."
            ) from None
        self._camera: int | None = None
        self._stream: int | None = None
        self._buffers: dict[int, int] = {}
        self._slots: dict[int, int] = {}
        self._memory: object = None

    def find(self) -> Sequence[GigeDevice]:
        """Ask the network, for one second."""
        self._arv.disable_interface(b"USB3Vision")
        self._arv.update()
        found = [self._about(index) for index in range(self._arv.count())]
        return [device for protocol, device in found if protocol == "GigEVision"]

    def open(self, device: GigeDevice) -> Features:
        """Take control of the camera."""
        self._camera = self._arv.open(device.id.encode())
        if not self._arv.is_controller(self._arv.device(self._camera)):
            raise BusyError("it is under somebody's control")
        self._arv.check_ranges(self._camera, CHECKED)
        return AravisFeatures(self._arv, self._camera)

    def payload(self) -> int:
        """Return the bytes of one picture."""
        return int(self._arv.payload(self._camera))

    def start(self, memory: mmap, slot_bytes: int) -> None:
        """Have the packets of pictures put right where they are read."""
        self._stream = self._arv.stream(self._camera, None, None)
        self._memory = place = (c_char * len(memory)).from_buffer(memory)
        for slot in range(SLOTS):
            at = ctypes.addressof(place) + slot * slot_bytes
            buffer = self._arv.buffer(self.payload(), at)
            self._buffers[slot], self._slots[buffer] = buffer, slot
            self._arv.push(self._stream, buffer)
        self._arv.start(self._camera)

    def next(self, wait_s: float) -> Taken | None:
        """Return the next picture; one that is not whole keeps no slot."""
        buffer = self._arv.pop(self._stream, int(wait_s * 1e6))
        if not buffer:
            return None
        captured_s, slot, arv = monotonic(), self._slots[buffer], self._arv
        number, status = arv.frame_id(buffer), arv.status(buffer)
        if status != WHOLE:
            arv.push(self._stream, buffer)
            return Taken(-1, number, captured_s, TROUBLES.get(status, "it is not whole"))
        size, right, below = c_size_t(), c_int(), c_int()
        arv.data(buffer, byref(size))
        arv.padding(buffer, byref(right), byref(below))
        return Taken(
            slot,
            number,
            captured_s,
            format=arv.format(buffer),
            width=arv.width(buffer),
            height=arv.height(buffer),
            padding=right.value,
            size=size.value,
        )

    def give_back(self, slot: int) -> None:
        """Have a slot filled again."""
        self._arv.push(self._stream, self._buffers[slot])

    def close(self) -> None:
        """Let go of the camera."""
        if self._stream is not None:
            with suppress(RefusedError):  # it may be gone
                self._arv.stop(self._camera)
            self._arv.let_go(self._stream)
        if self._camera is not None:
            self._arv.let_go(self._camera)
        self._camera = self._stream = None

    def _about(self, index: int) -> tuple[str, GigeDevice]:
        told = {what: call(index) or b"" for what, call in self._arv.about.items()}
        about = {what: text.decode(errors="replace") for what, text in told.items()}
        device = GigeDevice(
            about["id"], about["vendor"], about["model"], about["serial_nbr"], ip=about["address"]
        )
        return about["protocol"], device


class AravisFeatures:
    """What can be set at a camera."""

    def __init__(self, arv: Calls, camera: int) -> None:
        self._arv = arv
        self._camera = camera

    def has(self, name: str) -> bool:
        """Say whether there is such a feature."""
        try:
            return bool(self._arv.has(self._camera, name.encode()))
        except RefusedError:
            return False

    def bounds(self, name: str, kind: type[int] | type[float]) -> tuple[float, float]:
        """Return the least and the greatest number."""
        if kind is int:
            low, high = c_int64(), c_int64()
            self._arv.integer_bounds(self._camera, name.encode(), byref(low), byref(high))
            return low.value, high.value
        least, most = c_double(), c_double()
        self._arv.float_bounds(self._camera, name.encode(), byref(least), byref(most))
        return least.value, most.value

    def entries(self, name: str) -> Sequence[str]:
        """Return the words that may be set."""
        count = c_uint()
        words = self._arv.entries(self._camera, name.encode(), byref(count))
        found = [words[index].decode(errors="replace") for index in range(count.value)]
        self._arv.free(words)
        return found

    def read(self, name: str, kind: type[Value] | type[bool]) -> Value:
        """Return what is set."""
        value = self._arv.read[kind](self._camera, name.encode())
        return value.decode(errors="replace") if isinstance(value, bytes) else kind(value)

    def write(self, name: str, value: Value) -> None:
        """Set it."""
        told = create_string_buffer(value.encode()) if isinstance(value, str) else value
        self._arv.write[type(value)](self._camera, name.encode(), told)
