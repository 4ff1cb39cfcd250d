"""The base of every model that crosses a border."""

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Immutable; refuses keys it does not know and numbers that are not finite."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )
