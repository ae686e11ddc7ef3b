"""XML-RPC as pingback needs it: a call's bytes in, a value's or fault's bytes out (RPC; FC). Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from xml.parsers.expat import ExpatError
from xmlrpc.client import Unmarshaller

from defusedxml.common import DefusedXmlException
from defusedxml.xmlrpc import DefusedExpatParser

from blog_linkbacks.labels import codec
from blog_linkbacks.protocols import charsets

CONTENT_TYPE = "text/xml; charset=utf-8"
MAX_BODY = 64 * 1024
MAX_DEPTH = 64

NOT_WELL_FORMED = -32700
UNSUPPORTED_ENCODING = -32701
INVALID_CHARACTER = -32702
NOT_XMLRPC = -32600
NO_SUCH_METHOD = -32601
WRONG_PARAMETERS = -32602
INTERNAL_ERROR = -32603

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Call:
    """A method and its parameters; those may be anything, nested up to 64 elements deep: do not log them."""

    method: str
    params: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A call's failure: a code of the method or of FC, and a sentence."""

    code: int
    message: str


def parse_call(body: bytes, content_type: str = "") -> Call | Fault:
    """The call in a request of at most 64 KiB, or the fault that FC reserves for what is wrong.

    The encoding is that of the byte order mark, else the header's, else the XML declaration's, else UTF-8.
    """
    if len(body) > MAX_BODY:
        return Fault(NOT_XMLRPC, f"The request is larger than {MAX_BODY // 1024} KiB.")
    text = _decode(body, content_type)
    return text if isinstance(text, Fault) else _read(text)


def render_value(value: Value) -> bytes:
    """The response that returns one value."""
    return _response(f"<params><param>{_value(value)}</param></params>")


def render_fault(fault: Fault) -> bytes:
    """The response that reports a failure."""
    struct = _value({"faultCode": fault.code, "faultString": fault.message})
    return _response(f"<fault>{struct}</fault>")


_SPACE = " \t\r\n"
_ENCODING = re.compile(r"""\A(<\?xml(?=\s)[^>]*?)\sencoding\s*=\s*(["'])([^"'>]*)\2""")
_XML_NAMES = {"ascii": "ascii", "us-ascii": "ascii", "iso-8859-1": "latin-1", "latin1": "latin-1"}
_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\x00\x00\x00": "utf-32",
    b"\x00\x00\x00<": "utf-32",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}


_SCALARS = ("string", "int", "i4", "i8", "boolean", "double", "dateTime.iso8601", "base64", "nil")
_PARENTS = {
    "methodCall": ("",),
    "methodName": ("methodCall",),
    "params": ("methodCall",),
    "param": ("params",),
    "value": ("param", "data", "member"),
    "array": ("value",),
    "data": ("array",),
    "struct": ("value",),
    "member": ("struct",),
    "name": ("member",),
    **dict.fromkeys(_SCALARS, ("value",)),
}
_CHILDREN = {"methodCall": (1, 2), "param": (1,), "value": (0, 1), "array": (1,), "member": (2,)}


class _Reader(Unmarshaller):
    """The standard unmarshaller, which takes any elements in any order, held to RPC's grammar and a depth.

    `unfit` says what is wrong; from there on elements are not looked at, but the XML still is.
    """

    def __init__(self) -> None:
        super().__init__(use_builtin_types=True)
        self.unfit = ""
        self._open: list[str] = []
        self._children = [0]

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.unfit = self.unfit or self._objection(name)
        if self.unfit:
            return
        self._children[-1] += 1
        self._open.append(name)
        self._children.append(0)
        super().start(tag, attrs)

    def data(self, text: str) -> None:
        if not self.unfit:
            super().data(text)

    def end(self, tag: str) -> None:
        if self.unfit:
            return
        name, children = self._open.pop(), self._children.pop()
        if children not in _CHILDREN.get(name, (children,)):
            self.unfit = f"The number of elements in a {name} is wrong."
            return
        try:
            super().end(tag)
        except Exception:  # it raises many kinds of them, for values that are none
            self.unfit = f"The content of an element {tag[:40]} is not of that type."

    def _objection(self, name: str) -> str:
        parent = self._open[-1] if self._open else ""
        if parent not in _PARENTS.get(name, ()):
            return f"XML-RPC has no element {name[:40]} {f'in {parent}' if parent else 'there'}."
        return f"Elements are nested more than {MAX_DEPTH} deep." if len(self._open) == MAX_DEPTH else ""


def _read(text: str) -> Call | Fault:
    reader = _Reader()
    parser = DefusedExpatParser(reader, forbid_dtd=True)
    try:
        parser.feed(text.encode())
        parser.close()
    except DefusedXmlException:
        return Fault(NOT_WELL_FORMED, "Document types and entities are not taken.")
    except ExpatError as error:
        return Fault(NOT_WELL_FORMED, f"The request is not well-formed XML: {error}.")
    except (LookupError, ValueError):  # an encoding that only the parser finds in a garbled declaration
        return Fault(NOT_WELL_FORMED, "The request's XML declaration is garbled.")
    return Fault(NOT_XMLRPC, reader.unfit) if reader.unfit else _call(reader)


def _call(reader: _Reader) -> Call | Fault:
    method = (reader.getmethodname() or "").strip()
    if not method:
        return Fault(NOT_XMLRPC, "The call names no method.")
    try:
        return Call(method, tuple(reader.close()))
    except Exception:  # an array or struct without its content
        return Fault(NOT_XMLRPC, "The request is not an XML-RPC call.")


def _decode(body: bytes, content_type: str) -> str | Fault:
    declared = _declared(body)
    names = _codecs(body, charsets.header_charset(content_type), declared)
    if not names or "utf-32" in names:
        return Fault(UNSUPPORTED_ENCODING, f"The encoding {declared[:40] or 'UTF-32'} is not supported.")
    for name in names:
        text = _strict(body, name)
        if text is not None:
            return _ENCODING.sub(r"\1", text.removeprefix("\ufeff").lstrip(_SPACE), count=1)
    return Fault(INVALID_CHARACTER, "The request has bytes that are no characters of its encoding.")


def _declared(body: bytes) -> str:
    """The encoding that the XML declaration names, empty where it names none."""
    found = _ENCODING.match(body.decode("latin-1").lstrip(_SPACE))
    return found[3] if found else ""


def _codecs(body: bytes, header: str, declared: str) -> list[str]:
    """Python's names for the encodings to try, in order; empty where only an unknown one is declared."""
    for mark, name in _MARKS.items():
        if body.startswith(mark):
            return [name]
    names = (_XML_NAMES.get(label.lower()) or codec(label) for label in (header, declared))
    return [name for name in names if name] or ([] if declared else ["utf-8"])


def _strict(body: bytes, name: str) -> str | None:
    """The text, or None where the bytes are not in that encoding; ASCII said to be UTF-16 is not."""
    if name.startswith("utf-16") and b"\0" not in body[:4]:
        return None
    try:
        return body.decode(name)
    except UnicodeError:
        return None


def _response(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>{content}</methodResponse>\n'.encode()


def _value(value: Value) -> str:
    return f"<value>{_typed(value)}</value>"


def _typed(value: Value) -> str:
    if isinstance(value, str):
        return f"<string>{_escape(value)}</string>"
    if isinstance(value, bool):
        return f"<boolean>{value:d}</boolean>"
    if isinstance(value, int):
        return f"<int>{value}</int>"
    if isinstance(value, Mapping):
        return f"<struct>{''.join(_member(name, item) for name, item in value.items())}</struct>"
    return f"<array><data>{''.join(map(_value, value))}</data></array>"


def _member(name: str, value: Value) -> str:
    return f"<member><name>{_escape(name)}</name>{_value(value)}</member>"


def _escape(text: str) -> str:
    return escape(charsets.xml_text(text), quote=False).replace("\r", "&#13;")
