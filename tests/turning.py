"""A belt's encoder for tests: a counter in the registers of a real Modbus server."""

from time import monotonic, sleep

from pymodbus.client import ModbusTcpClient

REGISTER = 20


class Turning:
    """Writes the counter, high word first where it has 32 bits, and remembers when."""

    def __init__(self, port: int, bits: int = 16) -> None:
        self._bits = bits
        self._client = ModbusTcpClient("127.0.0.1", port=port)
        assert self._client.connect()  # type: ignore[no-untyped-call]
        self.written_s: dict[int, float] = {}

    def to(self, count: int) -> float:
        """Let the counter hold `count`, or what is left of it; return when that was asked."""
        held = count % (1 << self._bits)
        words = [held >> shift & 0xFFFF for shift in range(self._bits - 16, -1, -16)]
        asked_s = self.written_s[count] = monotonic()
        assert not self._client.write_registers(REGISTER, words, device_id=1).isError()
        return asked_s

    def on(self, start: int, end: int, step: int = 2) -> None:
        """Move on evenly from `start` to `end`, a step in about three milliseconds."""
        for count in range(start, end + 1, step):
            self.to(count)
            sleep(0.003)

    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call]
