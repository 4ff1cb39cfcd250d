"""Asks the server of this box."""

from typing import Any

import httpx

from ..core.errors import RecordsError

TIMEOUT_S = 10.0


class ServerClient:
    """Asks API v1 at a host and port; `else_mend` is what to do where that is the wrong port."""

    def __init__(self, host: str, port: int, else_mend: str = "name its port with --port") -> None:
        self.base = f"http://{host}:{port}"
        self._else_mend = else_mend

    def get(self, path: str, **query: str | int) -> Any:
        """Return the JSON document at `path` below /api/v1.

        Raises RecordsError when no server answers, or with the server's own sentence.
        """
        return self._ask("GET", path, params=query)

    def post(self, path: str, document: dict[str, str]) -> Any:
        """Send a JSON document to `path` below /api/v1 and return the answer.

        Raises RecordsError when no server answers, or with the server's own sentence.
        """
        return self._ask("POST", path, json=document)

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        url = f"{self.base}/api/v1{path}"
        try:
            answer = httpx.request(method, url, timeout=TIMEOUT_S, trust_env=False, **more)
        except httpx.HTTPError as error:
            raise RecordsError(
                f"{self.base}: no server answers ({error}); start it with `edgeinspect up`, "
                f"or {self._else_mend}."
            ) from None
        try:
            document = answer.json()
        except ValueError:
            raise RecordsError(
                f"{self.base}: something else than EdgeInspect answers there; check the port."
            ) from None
        if answer.is_error:
            raise RecordsError(str(document.get("detail", answer.reason_phrase)))
        return document
