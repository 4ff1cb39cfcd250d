"""The functions of Aravis that are used, as C has them."""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_int64, c_size_t, c_uint, c_uint64
from ctypes import c_void_p as handle
from typing import Any, ClassVar

from .library import RefusedError

LIBRARY = "libaravis-0.8.so.0"
FLAG = c_int
IN_PLACE = POINTER(c_int64)


class GError(ctypes.Structure):
    """How GLib says what went wrong."""

    _fields_ = (("domain", ctypes.c_uint32), ("code", c_int), ("message", c_char_p))


class Call:
    """One function; with `fails` it takes a last argument by which it says what went wrong."""

    forget: ClassVar[Any] = None
    """Frees what was said."""

    def __init__(
        self, library: ctypes.CDLL, name: str, result: Any, *takes: Any, fails: bool = False
    ) -> None:
        self._function = library[name]
        self._function.restype = result
        self._fails = fails
        self._function.argtypes = (*takes, POINTER(POINTER(GError))) if fails else takes

    def __call__(self, *values: Any) -> Any:
        """Call it; raises RefusedError with what GLib says."""
        if not self._fails:
            return self._function(*values)
        said = POINTER(GError)()
        result = self._function(*values, byref(said))
        if said:
            text = (said.contents.message or b"").decode(errors="replace")
            Call.forget(said)
            raise RefusedError(text)
        return result


class Calls:
    """All of them; raises OSError where the library is not installed."""

    def __init__(self) -> None:
        arv, glib = ctypes.CDLL(LIBRARY), ctypes.CDLL("libglib-2.0.so.0")
        Call.forget = glib.g_error_free
        name = (handle, c_char_p)

        def call(what: str, result: Any, *takes: Any, fails: bool = False) -> Call:
            return Call(arv, f"arv_{what}", result, *takes, fails=fails)

        self.disable_interface = call("disable_interface", None, c_char_p)
        self.update = call("update_device_list", None)
        self.count = call("get_n_devices", c_uint)
        self.about = {
            what: call(f"get_device_{what}", c_char_p, c_uint)
            for what in ("id", "vendor", "model", "serial_nbr", "address", "protocol")
        }
        self.open = call("camera_new", handle, c_char_p, fails=True)
        self.device = call("camera_get_device", handle, handle)
        self.is_controller = call("gv_device_is_controller", FLAG, handle)
        self.check_ranges = call("camera_set_range_check_policy", None, handle, c_int)
        self.has = call("camera_is_feature_available", FLAG, *name, fails=True)
        self.integer_bounds = call(
            "camera_get_integer_bounds", None, *name, IN_PLACE, IN_PLACE, fails=True
        )
        reals = (POINTER(c_double), POINTER(c_double))
        self.float_bounds = call("camera_get_float_bounds", None, *name, *reals, fails=True)
        self.entries = call(
            "camera_dup_available_enumerations_as_strings",
            POINTER(c_char_p),
            *name,
            POINTER(c_uint),
            fails=True,
        )
        kinds: dict[type, tuple[str, Any]] = {bool: ("boolean", FLAG), int: ("integer", c_int64)}
        kinds |= {float: ("float", c_double), str: ("string", c_char_p)}
        self.read, self.write = {}, {}
        for kind, (word, form) in kinds.items():
            self.read[kind] = call(f"camera_get_{word}", form, *name, fails=True)
            self.write[kind] = call(f"camera_set_{word}", None, *name, form, fails=True)
        self.payload = call("camera_get_payload", c_uint, handle, fails=True)
        self.stream = call("camera_create_stream", handle, handle, handle, handle, fails=True)
        self.start = call("camera_start_acquisition", None, handle, fails=True)
        self.stop = call("camera_stop_acquisition", None, handle, fails=True)
        self.buffer = call("buffer_new", handle, c_size_t, handle)
        self.push = call("stream_push_buffer", None, handle, handle)
        self.pop = call("stream_timeout_pop_buffer", handle, handle, c_uint64)
        self.status = call("buffer_get_status", c_int, handle)
        self.frame_id = call("buffer_get_frame_id", c_uint64, handle)
        self.data = call("buffer_get_image_data", handle, handle, POINTER(c_size_t))
        self.format = call("buffer_get_image_pixel_format", ctypes.c_uint32, handle)
        self.width = call("buffer_get_image_width", c_int, handle)
        self.height = call("buffer_get_image_height", c_int, handle)
        sides = (POINTER(c_int), POINTER(c_int))
        self.padding = call("buffer_get_image_padding", None, handle, *sides)
        self.let_go = Call(ctypes.CDLL("libgobject-2.0.so.0"), "g_object_unref", None, handle)
        self.free = Call(glib, "g_free", None, handle)
