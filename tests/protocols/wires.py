"""Bytes as senders put them on the wire, and how to read what we answer."""

from pathlib import Path
from xml.etree import ElementTree

from blog_linkbacks.protocols import pingback
from blog_linkbacks.protocols.pingback import Call, Fault
from blog_linkbacks.vocabulary import Claim

SOURCE = "https://linker.example/post"
TARGET = "https://blog.example/posts/one"
FORM = "application/x-www-form-urlencoded"

_CAPTURES = Path(__file__).parents[1] / "data" / "wordpress"


def captured(name: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers (names in lower case) of a request that WordPress 6.1.9 once sent."""
    head, _, body = (_CAPTURES / f"wordpress-6.1.9-{name}.POST.raw").read_bytes().partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")[1:]
    return body, {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}


def call_xml(*values: str, method: str = "pingback.ping", declaration: str = "") -> str:
    """A method call whose values are given as XML, the insides of `<value>`."""
    params = "".join(f"<param><value>{value}</value></param>" for value in values)
    return f"{declaration}<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>"


def declared(encoding: str, *values: str) -> str:
    return call_xml(*values or (SOURCE, TARGET), declaration=f'<?xml version="1.0" encoding="{encoding}"?>')


def claim_of(body: bytes, content_type: str = "text/xml") -> Claim | Fault:
    call = pingback.parse_call(body, content_type)
    return pingback.to_claim(call) if isinstance(call, Call) else call


def code_of(body: bytes, content_type: str = "text/xml") -> int:
    """The fault code that a request gets."""
    answer = claim_of(body, content_type)
    assert isinstance(answer, Fault)
    return answer.code


def xml(document: bytes | str) -> ElementTree.Element:
    return ElementTree.fromstring(document)
