"""The TLS side of a connection: whom it trusts, and by which certificate it is known."""

import ssl
from pathlib import Path

from ..core.errors import MessagingError
from ..settings.tree import MqttSettings


class Certificates:
    """A TLS context whose files are read anew before every attempt to connect.

    So a certificate that was renewed on the disk is used without a restart.
    """

    def __init__(self, settings: MqttSettings) -> None:
        self._settings = settings
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2

    def read(self) -> None:
        """Read the CA's certificate, and this client's own where one is named.

        Raises MessagingError naming the file that cannot be used.
        """
        settings = self._settings
        if settings.ca_file is not None:
            self._trust(settings.ca_file)
        if settings.cert_file is not None and settings.key_file is not None:
            self._be_known_by(settings.cert_file, settings.key_file)

    def _trust(self, ca_file: Path) -> None:
        try:
            self.context.load_verify_locations(ca_file)
        except OSError as error:
            raise MessagingError(
                f"{ca_file}: cannot be used as CA certificate ({_said(error)}); "
                "set mqtt.ca_file to a PEM file this user may read."
            ) from None

    def _be_known_by(self, cert_file: Path, key_file: Path) -> None:
        try:
            # A password that nobody can be asked for: a locked key is an error, never a prompt.
            self.context.load_cert_chain(cert_file, key_file, password="")
        except OSError as error:
            raise MessagingError(
                f"{cert_file} and {key_file}: cannot be used as certificate and key "
                f"({_said(error)}); set mqtt.cert_file and mqtt.key_file to PEM files that "
                "belong together, the key without a password."
            ) from None


def _said(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return (getattr(error, "reason", None) or "not PEM").lower().replace("_", " ")
    return error.strerror or str(error)
