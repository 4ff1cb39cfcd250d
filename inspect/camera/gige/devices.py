"""Which GigE Vision camera is meant by what stands in an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.errors import CameraError


@dataclass(frozen=True, slots=True)
class GigeDevice:
    """A camera as a library found it; `id` is what that library opens it by."""

    id: str
    vendor: str
    model: str
    serial: str
    given_name: str = ""
    ip: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called by."""
        full = f"{self.vendor}/{self.model}"
        return (self.serial, self.model, full, self.given_name, self.ip, self.id)

    @property
    def shown(self) -> str:
        """How a list shows it."""
        return f"{self.serial} ({self.vendor} {self.model})"


def choose(found: Sequence[GigeDevice], wanted: str, name: str) -> GigeDevice:
    """Return the camera of a serial, a model, a vendor/model, a given name or an IP address.

    Raises CameraError, naming the camera by `name`, when none or several are called so.
    """
    called_so = [each for each in found if wanted in each.names]
    if len(called_so) == 1:
        return called_so[0]
    if called_so:
        serials = ", ".join(each.serial for each in called_so)
        raise CameraError(
            f"{name}: the cameras of serials {serials} are called so; name one by its serial."
        )
    known = ", ".join(each.shown for each in found) or "none"
    raise CameraError(
        f"{name}: is not found (there: {known}); look at its power, cable and network, "
        "and that its address is in this box's subnet."
    )
