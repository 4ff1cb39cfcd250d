"""The settings of one box, with the title, unit and range of each."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import (
    Field,
    SecretStr,
    model_validator,
)

from ..core.errors import SettingsError
from ..core.identity import Name
from ..core.inspection import StationAddress
from .apart import check_apart, check_views
from .section import NamedPath, Section
from .station import StationSettings

Port = Annotated[int, Field(ge=1, le=65535)]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class SiteSettings(Section):
    """Where this box stands."""

    name: Name = Field("site", title="Name of the factory site")
    line: Name = Field("line-1", title="Name of the production line")


class MqttSettings(Section):
    """How station and server reach the broker."""

    host: str = Field("127.0.0.1", title="Host name or address of the broker", min_length=1)
    port: Port = Field(1883, title="TCP port of the broker, 1 to 65535")
    username: str | None = Field(None, title="User name at the broker")
    password: SecretStr | None = Field(None, title="Password at the broker")
    ca_file: NamedPath | None = Field(
        None, title="CA certificate (PEM) the broker is checked by; naming one turns TLS on"
    )
    cert_file: NamedPath | None = Field(
        None, title="Certificate (PEM) this client is known by, where the broker asks for one"
    )
    key_file: NamedPath | None = Field(None, title="Key (PEM) that belongs to cert_file")
    keepalive_s: int = Field(15, ge=2, le=3600, title="Silence that means a lost broker, in s")

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together: name both, or neither")
        if self.cert_file is not None and self.ca_file is None:
            raise ValueError("cert_file needs TLS: name the broker's CA in ca_file")
        return self


class BrokerSettings(Section):
    """The broker this box runs itself."""

    enabled: bool = Field(True, title="Run a broker on this box")
    kind: Literal["embedded", "mosquitto"] = Field(
        "embedded", title="The built-in broker, or the Mosquitto installed on this box"
    )
    mosquitto_config: NamedPath | None = Field(
        None, title="Mosquitto's own configuration file; without one it serves loopback only"
    )


class ServerSettings(Section):
    """The API, the records and the page."""

    enabled: bool = Field(True, title="Run the server on this box")
    host: str = Field("127.0.0.1", title="Loopback address the server listens on")
    port: Port = Field(8420, title="TCP port of API and page, 1 to 65535")
    database: str | None = Field(
        None,
        title="SQLAlchemy URL of the database; a folder named in it must be there; without one, "
        "SQLite in the data folder",
        examples=["postgresql+psycopg://edgeinspect@127.0.0.1/edgeinspect"],
    )
    evidence_url: str | None = Field(
        None,
        title="fsspec URL to keep images below (extra `remote`); without one, the data folder",
        examples=["s3://bucket/evidence", "sftp://edgeinspect@nas/evidence"],
        pattern=r"^[a-z][a-z0-9+._-]*://\S+$",
    )
    quarantine_max_mb: int = Field(
        256,
        ge=1,
        le=1_000_000,
        title="Space for messages that cannot be recorded, in MB; when it is full, stations keep "
        "theirs until somebody has looked",
    )

    @model_validator(mode="after")
    def _stays_on_loopback(self) -> Self:
        if self.host != "localhost" and not _is_loopback(self.host):
            raise ValueError(
                f"host {self.host} is not a loopback address: until sign-in exists, keep "
                "127.0.0.1 and put a proxy that asks for a password in front"
            )
        return self


class RetentionSettings(Section):
    """How long records and images are kept; without a key, for ever. What is held always stays."""

    rows_days: int | None = Field(
        None, ge=1, le=36_500, title="Days after which records go, their images too; counts stay"
    )
    evidence_days: int | None = Field(
        None, ge=1, le=36_500, title="Days after which images go; their records stay"
    )
    evidence_max_mb: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        title="Space for images in MB; beyond it the oldest go, those of passed parts first",
    )


class Settings(Section):
    """Everything `edgeinspect.toml` and the environment may say."""

    data: NamedPath = Field(
        default_factory=lambda: platformdirs.user_data_path("edgeinspect", appauthor=False),
        title="Folder for everything this box keeps",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", title="What is written to the log, on standard error"
    )
    site: SiteSettings = SiteSettings()
    station: StationSettings = StationSettings()
    stations: dict[Name, StationSettings] = Field(
        {},
        title="Several stations on this box, in place of `[station]`: a table `[stations.NAME]` "
        "for each, with the same keys",
    )
    mqtt: MqttSettings = MqttSettings()
    broker: BrokerSettings = BrokerSettings()
    server: ServerSettings = ServerSettings()
    retention: RetentionSettings = RetentionSettings()

    @model_validator(mode="before")
    @classmethod
    def _named_by_their_tables(cls, tree: Any) -> Any:
        several = tree.get("stations") if isinstance(tree, dict) else None
        if not several or not isinstance(several, dict):
            return tree
        if "station" in tree:
            raise ValueError(
                "station and stations are both there; make [station] one more [stations.NAME]"
            )
        named = {
            key: {"name": key} | said if isinstance(said, dict) else said
            for key, said in several.items()
        }
        return tree | {"stations": named}

    @model_validator(mode="after")
    def _stations_stand_apart(self) -> Self:
        for key, station in self.stations.items():
            if station.name != key:
                raise ValueError(
                    f"[stations.{key}] has the name {station.name}; leave name out of it"
                )
        check_apart(self.stations.values())
        check_views(self.stations.values())
        return self

    @property
    def of_each_station(self) -> "tuple[Settings, ...]":
        """The settings of each station of this box, as if it were the only one."""
        if not self.stations:
            return (self,)
        return tuple(map(self.of_station, self.stations))

    def of_station(self, name: str | None) -> "Settings":
        """Return the settings as the station of that name has them; None for the only one.

        Raises SettingsError when there is none of that name, or several and none is named.
        """
        names = tuple(self.stations) or (self.station.name,)
        if name is None and len(names) > 1:
            raise SettingsError(f"this box has several stations; name one of {', '.join(names)}.")
        chosen = names[0] if name is None else name
        if chosen not in names:
            raise SettingsError(
                f"{chosen}: no station of this box; the settings name {', '.join(names)}."
            )
        if not self.stations:
            return self
        return self.model_copy(update={"station": self.stations[chosen], "stations": {}})

    @property
    def address(self) -> StationAddress:
        """Where this box's station stands."""
        return StationAddress(site=self.site.name, line=self.site.line, station=self.station.name)

    @property
    def database(self) -> str | Path:
        """SQLAlchemy URL of the database in force, or the file of the one in the data folder."""
        return self.server.database or self.data / "records.sqlite3"

    @property
    def outbox_path(self) -> Path:
        """File the station keeps its undelivered inspections in."""
        return self.data / f"outbox-{self.station.name}.sqlite3"

    @property
    def ledger_path(self) -> Path:
        """File in which the station remembers the last frame it handed out."""
        return self.outbox_path.with_suffix(".ledger")

    @property
    def recipe_in_force_path(self) -> Path:
        """File in which the station remembers the recipe it was changed over to."""
        return self.outbox_path.with_suffix(".recipe")

    @property
    def evidence(self) -> str | Path:
        """URL the server keeps images below; a path where that is a folder of this machine."""
        url = self.server.evidence_url
        if url is None:
            return self.data / "evidence"
        return Path(url.removeprefix("file://")) if url.startswith("file:///") else url
