"""What comes of a fetch: a page, or an error with its kind and a sentence."""

from dataclasses import dataclass

from blog_linkbacks.vocabulary import Outcome


class FetchError(Exception):
    """No answer was had: `outcome` says what kind, `detail` why in a sentence, the rest how far it got."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.url = ""
        self.redirects: tuple[str, ...] = ()
        self.address = ""
        self.seconds = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of any status.

    `url` is where it came from in the end, `redirects` the URLs led to on the way, in order. `body` is
    decompressed, and `truncated` where the byte cap cut it. `seconds` count from the first look-up.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    truncated: bool = False
    redirects: tuple[str, ...] = ()
    address: str = ""
    seconds: float = 0.0

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; empty where there is none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Every value of a header, whatever its case, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]
