"""Why a network camera gives no pictures, asked of the camera itself after it gave none."""

import socket
import ssl
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    ProxyHandler,
    build_opener,
)

ANSWER_S = 2.0
MOST_BYTES = 4096
RTSP_PORT = 554
_NOT_TAKEN = "it does not take this user and password"
_WRONG_USER = {
    "http": f"{_NOT_TAKEN}; correct them in its address",
    "https": f"{_NOT_TAKEN}; correct them in its address",
    "rtsp": f"{_NOT_TAKEN}, or gives them no stream at this path; correct its address",
}
_NO_USER = "it asks for a user and password; write them into its address, as //user:password@"
_NO_PATH = "it has nothing at this path; look for the path of its stream in its manual"


def why_no_stream(url: str) -> str:
    """Return what stands in the way of a stream, and the mend, as the rest of a sentence.

    No step of it waits for more than 2 s.
    """
    address = urlsplit(url)
    if address.scheme not in _ASKED:
        return "it cannot be connected to; check its address, user and password, and that it is on"
    try:
        status, kind = _ASKED[address.scheme](address)
    except socket.gaierror:
        return f"nobody knows {address.hostname} here; check the name, or write its IP address"
    except ConnectionRefusedError:
        return "nothing listens at that port; check the port, and that it is on"
    except TimeoutError:
        return "it does not answer; check its power, cable and address"
    except ssl.SSLError as error:
        return f"its certificate is not to be trusted ({error.reason}); give it one that is"
    except OSError as error:
        return f"it cannot be reached ({error.strerror}); check its power, cable and address"
    except (HTTPException, ValueError):
        said = address.scheme.upper()
        return f"no {said} is spoken there; check address and port, and write a blank as %20"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _NO_USER if address.username is None else _WRONG_USER[address.scheme]
    if status == HTTPStatus.NOT_FOUND:
        return _NO_PATH
    if status != HTTPStatus.OK:
        return f"it refuses ({status}); look at its settings and its manual"
    return f"what it gives there ({kind}) is no stream of pictures; check the path"


def _over_http(address: SplitResult) -> tuple[int, str]:
    """Return the status of an answer, and what it holds. Raises OSError without an answer."""
    bare = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2], fragment=""))
    known = HTTPPasswordMgrWithDefaultRealm()
    if address.username is not None:
        user, password = unquote(address.username), unquote(address.password or "")
        known.add_password(None, bare, user, password)
    # A camera is on the factory's own network, whatever proxy leads out of it.
    handlers = ProxyHandler({}), HTTPBasicAuthHandler(known), HTTPDigestAuthHandler(known)
    try:
        with build_opener(*handlers).open(bare, timeout=ANSWER_S) as answer:
            return answer.status, answer.headers.get_content_type()
    except HTTPError as error:
        error.close()
        return error.code, ""
    except URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else ValueError from None
    except ValueError:  # it asks for a user in words that the library does not know
        return HTTPStatus.UNAUTHORIZED, ""


def _over_rtsp(address: SplitResult) -> tuple[int, str]:
    """Return the status of an answer to DESCRIBE (RFC 2326) by a stranger, and what it is."""
    netloc = address.netloc.rpartition("@")[2]
    bare = urlunsplit(address._replace(netloc=netloc, fragment=""))
    asked = f"DESCRIBE {bare} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"
    place = address.hostname or "", address.port or RTSP_PORT
    with socket.create_connection(place, ANSWER_S) as connection:
        connection.sendall(asked.encode())
        words = connection.recv(MOST_BYTES).split(b"\r\n", 1)[0].split()
    if len(words) < 2 or not words[0].startswith(b"RTSP/") or not words[1].isdigit():
        raise ValueError("an answer that is none")
    return int(words[1]), "RTSP"


_ASKED = {"http": _over_http, "https": _over_http, "rtsp": _over_rtsp}
