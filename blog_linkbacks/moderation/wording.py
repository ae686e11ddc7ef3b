"""What two texts have in common in words: sets of shingles, their prints and their likeness."""

import hashlib
import re
from collections.abc import Set

LIKE = 0.6  # shared of all shingles, from which two wordings are nearly the same
SHORTEST = 6  # shingles; fewer words are alike by chance
PRINTS = 5
_RUN = 3
_LONGEST = 2000  # characters

_URL = re.compile(r"(?:https?://|www\.)\S+")
_DIGITS = re.compile(r"\d+")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # written without spaces
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])[\w#])+")


def shingles(text: str, known: str = "") -> frozenset[str]:
    """Every run of three words, without case, figures, addresses and punctuation; those of `known` are left out.

    Empty where too few are left to tell one text from another.
    """
    found = _runs(text) - (_runs(known) if known else frozenset())
    return found if len(found) >= SHORTEST else frozenset()


def likeness(one: Set[str], other: Set[str]) -> float:
    """The share of shingles in common, 0 to 1 (Jaccard)."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def prints(of: Set[str]) -> list[int]:
    """The smallest digests of a set of shingles: of two sets that are LIKE, one is common in 99 of 100 cases."""
    return sorted(_digest(shingle) for shingle in of)[:PRINTS]


def _runs(text: str) -> frozenset[str]:
    plain = _DIGITS.sub("#", _URL.sub(" ", text[:_LONGEST].casefold()))
    words = _WORD.findall(plain)
    return frozenset(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _digest(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), signed=True)
