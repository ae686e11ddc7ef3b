"""Pingback on the wire: XML-RPC calls in, values and faults out (PB 3). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from blog_linkbacks import urls
from blog_linkbacks.protocols.addresses import objection
from blog_linkbacks.protocols.charsets import xml_text
from blog_linkbacks.protocols.rpc import (
    CONTENT_TYPE,
    INTERNAL_ERROR,
    MAX_BODY,
    NO_SUCH_METHOD,
    WRONG_PARAMETERS,
    Call,
    Fault,
    Value,
    parse_call,
    render_fault,
    render_value,
)
from blog_linkbacks.vocabulary import Claim, Kind, Refusal, Refused

__all__ = [
    "CONTENT_TYPE",
    "GET_PINGBACKS",
    "INTERNAL",
    "MAX_BODY",
    "METHODS",
    "PING",
    "Call",
    "Fault",
    "Method",
    "answer_introspection",
    "asked_target",
    "fault_for",
    "parse_call",
    "render_fault",
    "render_value",
    "success",
    "to_claim",
]

PING = "pingback.ping"
GET_PINGBACKS = "pingback.extensions.getPingbacks"
INTERNAL = Fault(INTERNAL_ERROR, "Something went wrong here; try again later.")


@dataclass(frozen=True, slots=True)
class Method:
    """What introspection tells of a method; the signature is the result's type and the parameters'."""

    help: str
    signature: tuple[str, ...]


METHODS = MappingProxyType(
    {
        PING: Method(
            "Tells that the page at the first URL links to the post at the second (Pingback 1.0).",
            ("string", "string", "string"),
        ),
        GET_PINGBACKS: Method(
            "Gives the URLs of the pages whose links to the post at this URL are shown.", ("array", "string")
        ),
        "system.listMethods": Method("Gives the names of all methods.", ("array",)),
        "system.methodHelp": Method("Gives a sentence about the method of this name.", ("string", "string")),
        "system.methodSignature": Method(
            "Gives the types of the result and the parameters of the method of this name.",
            ("array", "string"),
        ),
        "system.getCapabilities": Method("Gives the specifications that are followed here.", ("struct",)),
    }
)


def to_claim(call: Call, *, sender_ip: str = "", user_agent: str = "", referrer: str = "") -> Claim | Fault:
    """The claim in a call of `pingback.ping`, or the fault: other method, not two strings, unfit URLs."""
    if call.method != PING:
        return _no_such_method(call.method)
    strings = _strings(call)
    if isinstance(strings, Fault):
        return strings
    source, target = map(urls.clean, strings)
    refused = objection(source, target)
    if refused:
        return fault_for(refused)
    return Claim(Kind.PINGBACK, source, target, sender_ip=sender_ip, user_agent=user_agent, referrer=referrer)


def asked_target(call: Call) -> str | Fault:
    """The post's URL in a call of `pingback.extensions.getPingbacks`."""
    strings = _strings(call)
    return strings if isinstance(strings, Fault) else urls.clean(strings[0])


def answer_introspection(call: Call) -> Value | Fault | None:
    """The answer to a `system.` method or an unknown one; None for the two about pingbacks."""
    if call.method in (PING, GET_PINGBACKS):
        return None
    if call.method == "system.multicall":
        return Fault(NO_SUCH_METHOD, "Several calls in one request are not taken; send each alone.")
    if call.method not in METHODS:
        return _no_such_method(call.method)
    strings = _strings(call)
    return strings if isinstance(strings, Fault) else _SYSTEM[call.method](*strings)


def success(source: str, target: str) -> str:
    """The string that a taken ping returns, meant for people who debug."""
    return f"Pingback from {source} to {target} registered."


def fault_for(refused: Refused) -> Fault:
    """The fault that PB 3 has for a refusal."""
    return Fault(_CODES[refused.refusal], refused.message)


_CODES = {
    Refusal.MALFORMED_REQUEST: WRONG_PARAMETERS,
    Refusal.SAME_PAGE: 0,
    Refusal.SOURCE_MISSING: 16,
    Refusal.SOURCE_INVALID: 16,
    Refusal.SOURCE_NOT_FOUND: 16,
    Refusal.SOURCE_UNREACHABLE: 16,
    Refusal.NO_LINK: 17,
    Refusal.SOURCE_NOT_TEXT: 17,
    Refusal.TARGET_UNKNOWN: 32,
    Refusal.TARGET_MISSING: 33,
    Refusal.TARGET_INVALID: 33,
    Refusal.TARGET_NOT_A_POST: 33,
    Refusal.TARGET_CLOSED: 33,
    Refusal.TARGET_FOREIGN: 33,
    Refusal.ALREADY_REGISTERED: 48,
    Refusal.BLOCKED: 49,
    Refusal.RATE_LIMITED: 49,
    Refusal.FORBIDDEN_ADDRESS: 49,
    Refusal.SOURCE_FAILING: 50,
}


def _strings(call: Call) -> tuple[str, ...] | Fault:
    """The call's parameters, which all methods here take as strings, in the number its signature says."""
    wanted = len(METHODS[call.method].signature) - 1
    strings = tuple(param for param in call.params if isinstance(param, str))
    if len(call.params) == wanted == len(strings):
        return strings
    return Fault(WRONG_PARAMETERS, f"{call.method} takes {_count(wanted)}.")


def _count(wanted: int) -> str:
    return ("no parameters", "one string", "two strings")[wanted]


def _no_such_method(name: str) -> Fault:
    return Fault(NO_SUCH_METHOD, f"There is no method {xml_text(name[:100])} here.")


def _list_methods() -> Value:
    return sorted(METHODS)


def _method_help(name: str) -> Value | Fault:
    return METHODS[name].help if name in METHODS else _no_such_method(name)


def _method_signature(name: str) -> Value | Fault:
    return [METHODS[name].signature] if name in METHODS else _no_such_method(name)


def _capabilities() -> Value:
    return {
        name: {"specUrl": url, "specVersion": version}
        for name, url, version in (
            ("xmlrpc", "http://www.xmlrpc.com/spec", 1),
            ("faults_interop", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20010516),
            ("introspection", "http://xmlrpc-c.sourceforge.net/introspection.html", 1),
            ("pingback", "http://www.hixie.ch/specs/pingback/pingback-1.0", 1),
        )
    }


_SYSTEM: dict[str, Callable[..., Value | Fault]] = {
    "system.listMethods": _list_methods,
    "system.methodHelp": _method_help,
    "system.methodSignature": _method_signature,
    "system.getCapabilities": _capabilities,
}
