"""Whose words the page uses: this post's, or somebody else's."""

import re

from blog_linkbacks.scoring.frame import Check, View, abstains, says
from blog_linkbacks.scoring.words import any_of, runs, shared, words
from blog_linkbacks.vocabulary import Response, Subject

# How a page says that its text was first somewhere else. In a line of its own it is the page's word for itself;
# within a paragraph it may be said of anything.
_REPRINTS = any_of(
    r"(?:originally|first) (?:published|appeared|posted|written|seen)? ?(?:on|at|in|by|from|over at)\b",
    r"(?:read|see|view) the (?:full|original|whole|complete|rest of the) (?:article|post|story|entry)\b",
    r"(?:source|original) (?:link|article|post|url)\b|re-?(?:published|posted) (?:from|with permission)\b",
    r"continue reading\b|(?:syndicated|aggregated|imported) (?:from|by)\b|article source\b|full credit\b",
    r"(?:zuerst erschienen|ursprünglich veröffentlicht)\b|(?:publié|paru) (?:à l'origine|d'abord)\b",
    r"(?:publicado originalmente|artículo original|fuente original)\b|(?:источник|оригинал статьи)\b",
)
_CREDIT = re.compile(r"(?:source|via|credit|quelle|fonte|fuente|bron|источник)\b[ :–-]", re.IGNORECASE)
_OWN_LINE, _CREDIT_LINE = 12, 6
# Under 80 runs of words a post is so short that quoting it whole is no theft.
_WORTH_COPYING = 80
# Beside so many words of one's own, half a page of quotation is a quotation; in a list of links it is an excerpt.
_MUCH_OF_ITS_OWN, _A_FEW_LINKS = 80, 6
_A_SENTENCE_OR_TWO = 30
_WORD_FOR_WORD = 0.91
_PLAINLY = 0.3
_A_LITTLE = 0.3


def text(subject: Subject) -> View:
    ours, theirs = runs(subject.target.text), runs(subject.evidence.text)
    if len(ours) < 15 or len(theirs) < 15 or subject.evidence.response is Response.REPOST:
        return abstains("There is too little text to compare with the post's own.")
    taken, borrowed = shared(ours, theirs), shared(theirs, ours)
    if borrowed < 0.3:
        return abstains("The page's text is its own.")
    sizes = f"{borrowed:.0%} of the page is text of this post"
    own = round(subject.evidence.prose_words * (1 - borrowed))
    few_links = len(subject.evidence.text_links) <= _A_FEW_LINKS
    if borrowed < 0.5 and own >= _MUCH_OF_ITS_OWN and few_links and _literal(subject) >= _WORD_FOR_WORD:
        return abstains(f"A long quotation, among {own:,} words of its own.")
    if borrowed * len(theirs) < _A_SENTENCE_OR_TWO and taken <= 0.5 and subject.evidence.author:
        return says(0.04, f"A sentence or two of this post, and few of its own: {sizes}.")
    if taken > 0.5 and len(ours) >= _WORTH_COPYING:
        return says(borrowed + 0.4, f"A copy of this post: {sizes}, {taken:.0%} of it in all.")
    share, beside = (
        (0.6, ", by which nobody earns") if taken <= _A_LITTLE and _earns_nothing(subject) else (1.0, "")
    )
    return says(share * (borrowed - 0.2), f"Mostly an excerpt of this post{beside}: {sizes}.")


def reworded(subject: Subject) -> View:
    """Programs exchange a word here and there: runs of five words break, runs of three mostly hold."""
    if shared(runs(subject.evidence.text), runs(subject.target.text)) < 0.1:
        return abstains("The page's text is its own.")
    ours, theirs = runs(subject.target.text, 3), runs(subject.evidence.text, 3)
    if len(ours) < 60 or len(theirs) < 40 or subject.evidence.response is Response.REPOST:
        return abstains("There is too little text to compare with the post's own.")
    near = shared(theirs, ours)
    if near < 0.35 or _literal(subject) >= _WORD_FOR_WORD:
        return abstains("The page does not say the post's sentences in other words.")
    return says(near, f"{near:.0%} of the page follows the post, with a word exchanged here and there.")


def _earns_nothing(subject: Subject) -> bool:
    gains = subject.evidence.gains
    return gains is not None and all(sort == "button" for sort, _ in gains)


def _literal(subject: Subject) -> float:
    """How much of what the page shares with the post it shares word for word: near 1 in a quotation."""
    page, post = subject.evidence.text, subject.target.text
    near = shared(runs(page, 3), runs(post, 3))
    return shared(runs(page), runs(post)) / near if near else 1.0


def title(subject: Subject) -> View:
    ours, theirs = words(subject.target.title), words(subject.evidence.title)
    if len(ours) < 3 or subject.evidence.response is not Response.MENTION or theirs[:1] == ("re",):
        return abstains("The page's title is not compared with the post's.")
    if f" {' '.join(ours)} " not in f" {' '.join(theirs)} ":
        return abstains("The page has a title of its own.")
    if shared(runs(subject.evidence.text), runs(subject.target.text)) < 0.15:
        return says(0.4, "The page bears the title of this post, over words of its own.")
    return says(0.7, "The page bears the title of this post.")


def reprint(subject: Subject) -> View:
    seen = subject.evidence
    if seen.response is not Response.MENTION:
        return abstains("A response may repeat what it answers.")
    found = [(line, hit) for line in _lines(subject) if (hit := _REPRINTS.search(line.lower()))]
    if not found and any(
        _CREDIT.match(line) and len(words(line)) <= _CREDIT_LINE for line in _lines(subject)
    ):
        return says(0.3, "The page names a source for itself in a line of its own.")
    if not found:
        return abstains("The page does not say that its text is from elsewhere.")
    line, hit = min(found, key=lambda pair: len(pair[0]))
    said = f"“{' '.join(hit.group().split())}”"
    if len(words(line)) > _OWN_LINE:
        return says(0.25, f"Somewhere in the text stands {said}.")
    return says(0.8, f"The page says that its text is from elsewhere: {said}.")


def said_elsewhere(subject: Subject) -> bool:
    """Whether the page says, in a line of its own, that its text is from elsewhere."""
    return (reprint(subject).strength or 0.0) >= _PLAINLY


def _lines(subject: Subject) -> list[str]:
    seen = subject.evidence
    return [seen.anchor[:500], *seen.text[:60_000].split("\n")]


CHECKS = (
    Check("copy.text", "copy", 7.0, text, version=2),
    Check("copy.reworded", "copy", 5.6, reworded),
    Check("copy.title", "copy", 2.1, title, version=2),
    Check("copy.reprint", "copy", 3.5, reprint, version=2),
)
