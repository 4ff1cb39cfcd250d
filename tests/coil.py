"""Looks at the coil that moves a gate, over a connection of its own."""

from datetime import datetime
from threading import Event, Thread

from edgeinspect.core.clock import utc_now
from edgeinspect.core.errors import WireError
from edgeinspect.core.modbus import Device, Spot
from edgeinspect.station.wires.modbus import ModbusWire

COIL = Spot("coil", 12)


class Watcher:
    """Looks at the coil all the time, and keeps when it changed, and to what."""

    def __init__(self, port: int) -> None:
        self.changes: list[tuple[datetime, bool | None]] = []
        self._wire = ModbusWire(Device("127.0.0.1", port))
        self._ending = Event()
        self._thread = Thread(target=self._look)
        self._thread.start()

    @property
    def is_open(self) -> bool | None:
        """The level seen last; None while the PLC does not answer."""
        return self.changes[-1][1] if self.changes else None

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._wire.close()

    def _look(self) -> None:
        connected = False
        while not self._ending.wait(0.005):
            level: bool | None = None
            try:
                if not connected:
                    self._wire.open()
                connected, level = True, self._wire.read_bit(COIL)
            except WireError:
                connected = False
            if not self.changes or level is not self.changes[-1][1]:
                self.changes.append((utc_now(), level))
