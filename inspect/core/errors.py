"""The errors a person may see: one sentence each, naming the thing, the cause and the mend.

EdgeInspectError
├── SettingsError     settings or a recipe that cannot be used
├── DatasetError      a folder or label set that cannot be learned from or played
│   └── ImageError    one image file that cannot be read
├── CameraError       a source of frames that cannot be opened or went dark
├── MeasuringError    a calibration that cannot be made, or a value that cannot be measured
├── ModelError        a model file that is refused
│   ├── SignatureError  a key or signature that is refused
│   └── RuntimeMissingError  what shall run a model is not installed
├── WireError         an input or output of the factory (PLC, pin) that cannot be used
├── MessagingError    a broker or payload that cannot be used
├── RecordsError      a database or evidence store that cannot be used
└── ServiceError      a process that could not start or serve
"""


class EdgeInspectError(Exception):
    """Base of all errors meant for a person; `str()` is the whole message."""


class SettingsError(EdgeInspectError):
    """Settings or a recipe cannot be used."""


class DatasetError(EdgeInspectError):
    """A folder of images or its labels cannot be used."""


class ImageError(DatasetError):
    """One image file cannot be read."""


class CameraError(EdgeInspectError):
    """A source of frames cannot be opened, or gave out."""


class MeasuringError(EdgeInspectError):
    """A calibration cannot be made, or a value cannot be measured."""


class ModelError(EdgeInspectError):
    """A model file is refused, or cannot be made."""


class SignatureError(ModelError):
    """A key cannot be used, or a model is not signed as it must be."""


class RuntimeMissingError(ModelError):
    """What was asked to run a model is not installed."""


class WireError(EdgeInspectError):
    """An input or output of the factory cannot be used."""


class WireAbsentError(WireError):
    """What a wire leads to is not there, and may come yet."""


class MessagingError(EdgeInspectError):
    """A broker cannot be reached, or a payload is not the contract's."""


class RecordsError(EdgeInspectError):
    """A database or evidence store cannot be used."""


class ServiceError(EdgeInspectError):
    """A process of the product could not start or serve."""
