"""Lists of words that a blog keeps: read from plain text, one word or phrase a line, and found as whole words.

Looking a text up costs as much as it has words, however long the list is: entries are kept by their first word.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from blog_linkbacks.scoring.everyday import COMMON, EVERYDAY
from blog_linkbacks.vocabulary import Listed, Listing, Subject

MAX_BYTES = 2_000_000
MAX_LINES = 50_000
LONGEST = 100  # characters in a line
MOST_FOUND = 8  # words named of each list

_SHORTEST = 3  # letters in a word that stands alone
_TITLE, _SAID, _ANCHORS, _POST = 500, 2_000, 6_000, 30_000  # characters read

# Japanese, Chinese, Korean and Thai part no words by spaces: each of their characters counts as a word.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_MARKS = "".join(
    re.escape(chr(code)) for code in range(0x300, 0x1E00) if unicodedata.category(chr(code)).startswith("M")
)
_LETTERS = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(rf"[\n|]|[{_UNSPACED}]|{_LETTERS}+(?:[{_MARKS}]+{_LETTERS}*)*")
# Between words of ASCII: a line's end and a bar part what no entry may span, whatever else stands there parts words.
_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "|"}
_PART = re.compile(rf"[{_UNSPACED}]")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_PATTERN = re.compile(r"[\[\](){}\\^$*|<>]|\.[+?]")
_JOINTS = "-_./=:&%@#~,;"
_ADDRESS = re.compile(r"[/=&%@_]|^www\.|\.[a-z]{2,4}$")


class Why(StrEnum):
    """Why a line is left out."""

    LONG = "longer than 100 characters"
    PATTERN = "a pattern or a bit of code, not words"
    PIECE = "a piece of an address or of a longer word: whole words are looked for"
    SHORT = "too short: it would be found in anything"
    NUMBER = "only numbers"
    EVERYDAY = "everyday words: honest pages are full of them"
    TWICE = "there already"


class WordListError(ValueError):
    """A list that cannot be taken, and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Left:
    """A line that is left out: its number, its text and why."""

    line: int
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class WordList:
    """A list ready to look texts up in. `phrases` gives the entries of several words by their first."""

    words: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] | None = None
    left: tuple[Left, ...] = ()
    size: int = 0

    def found(self, text: str) -> list[str]:
        """The entries that stand in a text as whole words, in their order, each once."""
        return self.among(tokens(text))

    def among(self, said: Sequence[str]) -> list[str]:
        """The same in words that are cut already."""
        return list(dict.fromkeys(self._met(said))) if self.size else []

    @property
    def reasons(self) -> Mapping[Why, int]:
        """How many lines are left out, by reason."""
        return Counter(one.why for one in self.left)

    def _met(self, said: Sequence[str]) -> Iterator[str]:
        phrases = self.phrases or {}
        begun = phrases.keys() & set(said)
        if not begun and self.words.isdisjoint(said):
            return
        for place, word in enumerate(said):
            if word in self.words:
                yield word
            if word in begun:
                yield from (_spelt(p) for p in phrases[word] if tuple(said[place : place + len(p)]) == p)


def parse(text: str, listing: Listing = Listing.IMPORTED) -> WordList:
    """Read a list: a word or phrase a line, `#` begins a comment. WordListError beyond MAX_BYTES or MAX_LINES.

    Of an imported one more is left out than of the blog's own, whose words somebody chose.
    """
    if (size := len(text.encode("utf-8", "replace"))) > MAX_BYTES:
        raise WordListError(f"The list has {size:,} bytes; at most {MAX_BYTES:,} are taken.")
    if "\0" in text:
        raise WordListError("The list is not plain text: it holds a NUL character.")
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise WordListError(f"The list has {len(lines):,} lines; at most {MAX_LINES:,} are taken.")
    return _read(lines, COMMON if listing is Listing.IMPORTED else EVERYDAY)


def decode(data: bytes) -> str:
    """The text of a file that was sent, in UTF-8; WordListError where it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise WordListError(f"The file is not plain text in UTF-8: line {line:,} is not.") from None


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared; a line's end is one that no entry has."""
    if text.isascii():
        return tuple(text.lower().replace("|", "\n").replace("\n", " | ").translate(_BETWEEN).split())
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()))


def look_up(subject: Subject, lists: Mapping[Listing, WordList]) -> tuple[Listed, ...]:
    """What of the lists stands in the page's title, in its links to other sites or in what the sender says.

    The page's own text is not read: honest pages speak of anything. Words that the post has itself are left out,
    but for those that the blog holds by.
    """
    if not any(lists.values()):
        return ()
    places = [(place, tokens(text)) for place, text in _read_of(subject) if text]
    found = [one for listing, words in lists.items() for one in _listed(listing, words, places)]
    if any(one.listing is not Listing.HOLD for one in found):
        ours = f"{subject.target.title}\n{' '.join(subject.target.tags)}\n{subject.target.text}"[:_POST]
        found = [one for one in found if one.listing is Listing.HOLD or not _stands(one.word, ours)]
    return tuple(found)


def _read(lines: Sequence[str], everyday: frozenset[str]) -> WordList:
    seen: set[tuple[str, ...]] = set()
    left: list[Left] = []
    for number, line in enumerate(lines, 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        cut = tokens(entry)
        why = _unfit(entry, cut, everyday) or (Why.TWICE if cut in seen else None)
        if why:
            left.append(Left(number, entry[:LONGEST], why))
        else:
            seen.add(cut)
    return _compiled(seen, tuple(left))


def _compiled(entries: Iterable[tuple[str, ...]], left: tuple[Left, ...]) -> WordList:
    words: set[str] = set()
    phrases: dict[str, list[tuple[str, ...]]] = {}
    size = 0
    for size, entry in enumerate(entries, 1):  # noqa: B007 - their number
        if len(entry) == 1:
            words.add(entry[0])
        else:
            phrases.setdefault(entry[0], []).append(entry)
    return WordList(frozenset(words), {k: tuple(v) for k, v in phrases.items()}, left, size)


def _unfit(entry: str, cut: Sequence[str], everyday: frozenset[str]) -> Why | None:
    """Why an entry cannot be looked for, the first reason that holds."""
    unspaced = len(cut) > 1 and all(map(_PART.match, cut))
    return next(
        (
            why
            for why, holds in (
                (Why.LONG, len(entry) > LONGEST),
                (Why.PATTERN, _PATTERN.search(entry)),
                (Why.PIECE, entry[0] in _JOINTS or entry[-1] in _JOINTS or _ADDRESS.search(entry.lower())),
                (Why.NUMBER, cut and all(word.isdigit() for word in cut)),
                (Why.SHORT, not unspaced and max(map(len, cut), default=0) < _SHORTEST),
                (Why.EVERYDAY, not unspaced and all(word in everyday or len(word) < 2 for word in cut)),
            )
            if holds
        ),
        None,
    )


def _read_of(subject: Subject) -> list[tuple[str, str]]:
    seen, claim = subject.evidence, subject.claim
    said = "\n".join(text[:_SAID] for text in (claim.title, claim.excerpt, claim.author) if text)
    return [
        ("in the page's title", f"{seen.title[:_TITLE]}\n{seen.site_name[:_TITLE]}"),
        ("in a link of the page", "\n".join(seen.anchors)[:_ANCHORS]),
        ("in what the sender says", said),
    ]


def _listed(listing: Listing, words: WordList, places: Iterable[tuple[str, Sequence[str]]]) -> list[Listed]:
    """The first place of each word."""
    first: dict[str, str] = {}
    for place, said in places:
        for word in words.among(said):
            first.setdefault(word, place)
    return [Listed(word, place, listing) for word, place in first.items()][:MOST_FOUND]


@lru_cache(maxsize=32)
def _post_words(text: str) -> str:
    return f" {' '.join(tokens(text))} "


@lru_cache(maxsize=32)
def _folded(text: str) -> str:
    return text.casefold()


def _stands(word: str, text: str) -> bool:
    """Whether a text has a word; it is only cut into words where the word's beginning is in it at all."""
    cut = tokens(word)
    return cut[0] in _folded(text) and f" {' '.join(cut)} " in _post_words(text)


def _spelt(phrase: tuple[str, ...]) -> str:
    """A phrase as it is named: characters of scripts without spaces stand together."""
    return ("" if all(map(_PART.match, phrase)) else " ").join(phrase)
