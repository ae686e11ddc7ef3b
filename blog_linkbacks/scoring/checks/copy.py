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


def text(subject: Subject) -> View:
    ours, theirs = runs(subject.target.text), runs(subject.evidence.text)
    if len(ours) < 15 or len(theirs) < 15 or subject.evidence.response is Response.REPOST:
        return abstains("There is too little text to compare with the post's own.")
    taken, borrowed = shared(ours, theirs), shared(theirs, ours)
    if borrowed < 0.3:
        return abstains("The page's text is its own.")
    sizes = f"{borrowed:.0%} of the page is text of this post"
    if taken > 0.5 and len(ours) >= _WORTH_COPYING:
        return says(borrowed + 0.4, f"A copy of this post: {sizes}, {taken:.0%} of it in all.")
    return says(borrowed - 0.2, f"Mostly an excerpt of this post: {sizes}.")


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


def _lines(subject: Subject) -> list[str]:
    seen = subject.evidence
    return [seen.anchor[:500], *seen.text[:60_000].split("\n")]


CHECKS = (
    Check("copy.text", "copy", 7.0, text),
    Check("copy.title", "copy", 2.1, title, version=2),
    Check("copy.reprint", "copy", 3.5, reprint, version=2),
)
