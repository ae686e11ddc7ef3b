"""The navigation's links, as a person writes them: one a line, the words and then the address. Pure."""

import re
from collections.abc import Mapping, Sequence

from blog_linkbacks import urls

MAX_LINKS = 12
MAX_LABEL = 40
MAX_ADDRESS = 500

_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s]+")


def read(text: str) -> list[dict[str, str]]:
    """The links in their order; ValueError names the line that makes none."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_LINKS:
        raise ValueError(f"At most {MAX_LINKS} links; there are {len(lines)}.")
    return [_link(number, line) for number, line in lines]


def written(links: Sequence[Mapping[str, str]]) -> str:
    """The same as text again."""
    return "\n".join(f"{link['label']} {link['address']}" for link in links)


def _link(number: int, line: str) -> dict[str, str]:
    *words, address = line.split()
    label = " ".join(words)
    if not label:
        raise ValueError(f"Line {number}: the words come first, then a space and the address.")
    if len(label) > MAX_LABEL:
        raise ValueError(f"Line {number}: the words are longer than {MAX_LABEL} characters.")
    if len(address) > MAX_ADDRESS or not _leads_somewhere(address):
        raise ValueError(f"Line {number}: {address[:80]} is no address such as /pages/about or https://…")
    return {"label": label, "address": address}


def _leads_somewhere(address: str) -> bool:
    if address.startswith("/"):
        return not address.startswith(("//", "/\\"))
    return urls.is_web(address) or _MAIL.fullmatch(address) is not None
