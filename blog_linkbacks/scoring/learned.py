"""What can be learned from: the features of a subject, lessons as exact counts, and what the counts tell."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, zip_longest
from math import log
from typing import Literal

from blog_linkbacks.scoring.words import words
from blog_linkbacks.urls import host, registrable
from blog_linkbacks.vocabulary import Kind, Memory, Subject

Label = Literal["ham", "spam"]

# How many features of each sort are kept, and how much text is read for them, in characters.
SAID, TITLE, LINKS, SITES, ADDRESS = 50, 16, 30, 12, 10
_SAID_READ, _LINKS_READ = 2_000, 200
_LONGEST = 30
# From so many words on, equal wording is one lesson, wherever it came from.
SAME_WORDING = 6
# Every feature counts as met so many times more, in the proportion of all lessons: what is rare says little.
DOUBT = 2.0
# The most that one feature says, in log-odds.
LOUDEST = 2.5

_WORD_SORT = "word: "
_IN_WORDS = {
    "word": "“{value}”",
    "title": "“{value}” in the page's title",
    "link": "“{value}” in the page's other links",
    "links to": "links to {value}",
    "address": "“{value}” in its address",
    "host ends": "a site name that ends in {value}",
    "language": "a page in the language “{value}”",
    "our language": "a page in our language: {value}",
    "sent as": "sent as a {value}",
    "sent from": "sent from {value}",
    "response": "a {value}",
    "moved": "moved {value}",
    "host": "a site name that {value}",
    "hyphens": "{value} hyphens in its site name",
    "place": "a link in the place “{value}”",
    "words around": "a link among {value} words",
    "hidden by": "a link hidden by {value}",
    "page words": "a page of {value} words",
    "links": "{value} links on the page",
    "sites": "{value} sites linked to",
    "rel": "a link marked “{value}”",
}
_DIGITS = re.compile(r"\d")
_NAME = re.compile(r"[a-zA-Z][\w-]{0,29}")
_NO_WORDS = frozenset({"http", "https", "www", "html", "php"})


def features(subject: Subject) -> tuple[str, ...]:
    """What this linkback can teach: readable names, sorted, each once, at most about 150.

    The words of the page itself are not read: honest pages speak of anything. Words of the post's title, tags and
    address are left out: anybody can repeat them, so they tell nothing of who does.
    """
    found = (*_texts(subject), *_place(subject), *_page(subject), *_address(subject))
    return tuple(sorted(set(found)))


def telling(memory: Memory, feature: str) -> float:
    """What one feature says, in log-odds toward spam: 0 where it was never met, at most `LOUDEST` either way."""
    ham, spam = memory.seen.get(feature, (0, 0))
    return log_odds(ham, spam, memory.ham, memory.spam)


def log_odds(ham: int, spam: int, hams: int, spams: int) -> float:
    """How much oftener a feature was met in spam (`spam` of `spams` lessons) than in ham; 0 without lessons."""
    if not hams or not spams:
        return 0.0
    doubt = DOUBT / (hams + spams)
    odds = log((spam / spams + doubt) / (ham / hams + doubt))
    return max(-LOUDEST, min(LOUDEST, odds))


def wording(found: Sequence[str]) -> str:
    """What makes two lessons one: the digest of the words said, or of all features where few words were said."""
    said = [feature for feature in found if feature.startswith(_WORD_SORT)]
    return digest(said if len(said) >= SAME_WORDING else found)


def in_words(feature: str) -> str:
    """A feature as part of a sentence: `“bonus” in the page's title`."""
    sort, _, value = feature.partition(": ")
    return _IN_WORDS.get(sort, "{sort}: {value}").format(sort=sort, value=value)


def digest(found: Sequence[str]) -> str:
    """32 hexadecimal digits that stand for these features."""
    return hashlib.blake2b("\n".join(sorted(found)).encode(), digest_size=16).hexdigest()


class Learner:
    """Lessons in memory, for evaluation: the same counts as the database's after the same decisions.

    Of lessons with the same wording and label only one counts, the one with the lowest digest, so that the counts
    depend on the lessons that stand and not on their order.
    """

    def __init__(self) -> None:
        self._lessons: dict[tuple[Label, str], Counter[tuple[str, tuple[str, ...]]]] = {}
        self._seen: dict[str, dict[Label, int]] = {}
        self._number: Counter[Label] = Counter()

    def learn(self, found: Sequence[str], label: Label) -> None:
        self._change(tuple(found), label, 1)

    def unlearn(self, found: Sequence[str], label: Label) -> None:
        """Take one such lesson back; one that was never learned is let be."""
        self._change(tuple(found), label, -1)

    def memory(self, found: Iterable[str]) -> Memory:
        """What the lessons say of these features."""
        seen = {f: (s["ham"], s["spam"]) for f in found if (s := self._seen.get(f))}
        return Memory(self._number["ham"], self._number["spam"], seen)

    def _change(self, found: tuple[str, ...], label: Label, step: int) -> None:
        lessons = self._lessons.setdefault((label, wording(found)), Counter())
        lesson = (digest(found), found)
        before = min(lessons, default=None)
        lessons[lesson] = max(0, lessons[lesson] + step)
        lessons += Counter()  # without those that stand no longer
        after = min(lessons, default=None)
        if before != after:
            self._count(before, label, -1)
            self._count(after, label, 1)

    def _count(self, lesson: tuple[str, tuple[str, ...]] | None, label: Label, step: int) -> None:
        if lesson is None:
            return
        self._number[label] += step
        for feature in lesson[1]:
            counts = self._seen.setdefault(feature, {"ham": 0, "spam": 0})
            counts[label] += step
            if not any(counts.values()):
                del self._seen[feature]


def _texts(subject: Subject) -> Iterator[str]:
    claim, seen = subject.claim, subject.evidence
    ours = frozenset(words(" ".join((subject.target.title, *subject.target.tags, claim.target_url))))
    sentence = seen.sentence
    said = (claim.title, claim.excerpt, claim.author, sentence.before, sentence.link, sentence.after)
    yield from _named(_WORD_SORT, _terms("\n".join(t[:_SAID_READ] for t in said)), SAID, ours)
    yield from _named("title: ", _terms(f"{seen.title} {seen.site_name}"[:_SAID_READ]), TITLE, ours)
    links = "\n".join(a[:_LINKS_READ] for a in seen.anchors[:_LINKS_READ])
    yield from _named("link: ", _terms(links, 4), LINKS, ours)


def _terms(text: str, shortest: int = 3) -> Iterator[str]:
    """Words of so many letters and more; in scripts without spaces each pair of neighbours."""
    found = words(text)
    for word, following in zip_longest(found, found[1:], fillvalue=""):
        if len(word) >= shortest:
            yield word[:_LONGEST]
        elif _stands_alone(word) and _stands_alone(following):
            yield word + following


def _stands_alone(word: str) -> bool:
    return len(word) == 1 and word > "\u0e00"


def _named(sort: str, found: Iterable[str], most: int, besides: frozenset[str]) -> Iterator[str]:
    fresh = dict.fromkeys(word for word in found if word not in besides and not word.isdigit())
    return (f"{sort}{word}" for word in islice(fresh, most))


def _place(subject: Subject) -> Iterator[str]:
    claim, seen = subject.claim, subject.evidence
    yield f"sent as: {claim.kind}"
    yield f"response: {seen.response}"
    yield f"place: {seen.placement}"
    yield f"words around: {_range(seen.block_words, (1, 6, 20, 60, 200))}"
    if seen.hidden_by:
        yield f"hidden by: {seen.hidden_by[:_LONGEST]}"
    yield from (f"rel: {value}" for value in seen.rel[:5] if _NAME.fullmatch(value))
    if claim.kind is not Kind.WEBMENTION and claim.sender_ip and seen.address:
        yield f"sent from: {'the site' if claim.sender_ip == seen.address else 'elsewhere'}"


def _page(subject: Subject) -> Iterator[str]:
    seen, ours = subject.evidence, subject.target.language
    yield f"page words: {_range(seen.page_words, (30, 100, 300, 1000, 3000))}"
    yield f"links: {_range(seen.outgoing_links, (1, 5, 20, 60, 200))}"
    yield f"sites: {_range(seen.outgoing_sites, (1, 3, 10, 30, 100))}"
    language = seen.language[:2].lower()
    if language.isalpha():
        yield f"language: {language}"
        if ours:
            yield f"our language: {'yes' if ours[:2].lower() == language else 'no'}"
    names = dict.fromkeys(registrable(site) for site in seen.sites[: 4 * SITES])
    names.pop(registrable(host(subject.claim.target_url)), None)
    yield from (f"links to: {name[:60]}" for name in islice(names, SITES))


def _address(subject: Subject) -> Iterator[str]:
    url = subject.evidence.final_url or subject.claim.source_url
    name = host(url)
    yield f"host ends: .{name.rpartition('.')[2][:_LONGEST]}"
    if hyphens := name.removeprefix("xn--").count("-"):
        yield f"hyphens: {_range(hyphens, (1, 2, 3))}"
    if _DIGITS.search(name):
        yield "host: has digits"
    if registrable(host(subject.claim.source_url)) != registrable(name):
        yield "moved: to another site"
    spelled = re.sub(r"[\W_]+", " ", f"{name.rpartition('.')[0]} {url.partition(name)[2]}"[:500])
    yield from _named("address: ", _terms(spelled), ADDRESS, _NO_WORDS)


def _range(number: int, steps: tuple[int, ...]) -> str:
    """`under 5`, `5 to 19`, `200 or more`: the step of the scale that a number is on."""
    if number < steps[0]:
        return "0" if steps[0] == 1 else f"under {steps[0]}"
    for low, high in pairwise(steps):
        if number < high:
            return f"{low} to {high - 1}" if high - 1 > low else f"{low}"
    return f"{steps[-1]} or more"
