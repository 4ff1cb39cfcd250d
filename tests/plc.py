"""A PLC for tests: a real Modbus/TCP server that can be switched off and on again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

BITS, WORDS = 64, 64


class Plc:
    """64 coils, 64 input bits (off), 64 holding registers (0) and 64 input registers (7)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="plc")
        self._thread.start()
        self._server: ModbusTcpServer | None = None

    def switch_on(self) -> None:
        """Listen, with everything at its first value, as after a power cut."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def switch_off(self) -> None:
        """Hang up on everybody and listen no more."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)

    def close(self) -> None:
        """End the server's thread."""
        self.switch_off()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        device = SimDevice(
            1,
            simdata=(
                [SimData(0, values=[False] * BITS, datatype=DataType.BITS)],
                [SimData(0, values=[False] * BITS, datatype=DataType.BITS)],
                [SimData(0, values=[0] * WORDS, datatype=DataType.REGISTERS)],
                [SimData(0, values=[7] * WORDS, datatype=DataType.REGISTERS)],
            ),
        )
        self._server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await self._server.serve_forever(background=True)

    async def _stop(self) -> None:
        if self._server is None:
            return
        # pymodbus leaves the sockets of its clients open when it shuts down.
        for connection in list(self._server.active_connections.values()):
            if connection.transport is not None:
                connection.transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        await self._server.shutdown()  # type: ignore[no-untyped-call]
        self._server = None
        await asyncio.sleep(0)


@contextmanager
def plc(port: int) -> Iterator[Plc]:
    """Run a PLC on a loopback port."""
    device = Plc(port)
    try:
        device.switch_on()
        yield device
    finally:
        device.close()
