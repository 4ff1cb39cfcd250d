"""Why an OPC UA server does not do what it is asked, in a sentence. Light to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.opcua import OpcuaIdentity, OpcuaServer

_IDENTITY = (
    "BadIdentityTokenRejected",
    "BadIdentityTokenInvalid",
    "BadUserAccessDenied",
    "BadUserSignatureInvalid",
)
_DISTRUST = (
    "BadSecurityChecksFailed",
    "BadCertificateInvalid",
    "BadCertificateUntrusted",
    "BadCertificateUriInvalid",
    "BadCertificateUseNotAllowed",
    "BadCertificateTimeInvalid",
    "BadSecureChannelClosed",
    "BadConnectionClosed",
    "InvalidSignature",
)
_TRUST = (
    "let it offer Basic256Sha256 and trust station.actuator_certificate, and see that "
    "station.actuator_server_certificate is its own"
)
"""Many a server says nothing to whom it does not trust."""
_REFUSED = {
    "BadNodeIdUnknown": "has no such node; check its name and namespace",
    "BadNodeIdInvalid": "has no such node; check its name and namespace",
    "BadAttributeIdInvalid": "says that it is no variable; name one, or a method by ?method=",
    "BadNotWritable": "says that it cannot be written; make it writable for clients there",
    "BadWriteNotSupported": "says that it cannot be written; make it writable for clients there",
    "BadTypeMismatch": "wants another type; name a Boolean or a whole number",
    "BadMethodInvalid": "says that it has no such method; check both names",
    "BadNotExecutable": "says that it cannot be called; make it callable for clients there",
}
_ARGUMENTS = ("BadArgumentsMissing", "BadTooManyArguments", "BadInvalidArgument")


def why_no_session(server: OpcuaServer, identity: OpcuaIdentity, error: Exception) -> str:
    """Return why no session came about."""
    code = _code(error)
    if code in _IDENTITY and identity.username is None:
        said = "wants a user; set station.actuator_username and station.actuator_password"
    elif code in _IDENTITY:
        said = (
            f"user {identity.username} or the password is wrong; correct station.actuator_username"
        )
    elif code == "BadSecurityPolicyRejected" or "No matching endpoints" in str(error):
        said = _no_policy(identity)
    elif code in _DISTRUST:
        said = f"takes no part in this encryption ({code}); {_TRUST}"
    elif isinstance(error, TimeoutError) and identity.certificate is not None:
        said = f"does not answer; check its power and cable, and if others reach it: {_TRUST}"
    elif isinstance(error, TimeoutError):
        said = "does not answer; check its power, cable, address and port"
    elif isinstance(error, OSError):
        said = "nobody answers; check its power, cable, address and port"
    else:
        said = f"lets nobody in ({code}); check that OPC UA is spoken there"
    return f"{server}: {said}."


def _no_policy(identity: OpcuaIdentity) -> str:
    if identity.certificate is not None:
        return "does not offer to encrypt by Basic256Sha256; allow that policy there"
    return "lets nobody in without encryption; set station.actuator_certificate"


def why_refused(server: OpcuaServer, what: str, error: Exception) -> str:
    """Return why the server did not `what`, as `write ns=2;s=Gate`."""
    code = _code(error)
    if isinstance(error, OSError | TimeoutError):
        return f"{server}: gave no answer when asked to {what}; check it and its cable."
    if code == "BadUserAccessDenied":
        return f"{server}: this user may not {what}; let it, in the server."
    if code in _ARGUMENTS:
        return f"{server}: will not {what} ({code}); the method must take one Boolean."
    said = _REFUSED.get(code, "refuses; see what its log says")
    return f"{server}: asked to {what}, it {said} ({code})."


def _code(error: Exception) -> str:
    """Return the name of OPC UA's status, as asyncua has it: its errors are named so."""
    return type(error).__name__
