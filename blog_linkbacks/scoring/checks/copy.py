"""Whose words the page uses: this post's, or somebody else's."""

from blog_linkbacks.scoring.frame import Check, View, abstains, says
from blog_linkbacks.scoring.words import any_of, runs, shared, words
from blog_linkbacks.vocabulary import Response, Subject

# How a page says that its text was first somewhere else.
_REPRINTS = any_of(
    r"(?:originally|first) (?:published|appeared|posted|written)? ?(?:on|at|in|by|from|over at)\b",
    r"(?:read|see|view) the (?:full|original|whole|complete|rest of the) (?:article|post|story|entry)\b",
    r"(?:source|original) (?:link|article|post|url)\b|re-?(?:published|posted) (?:from|with permission)\b",
    r"continue reading\b|syndicated (?:from|by)\b",
)
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
    return says(0.7, "The page bears the title of this post.")


def reprint(subject: Subject) -> View:
    seen = subject.evidence
    found = _REPRINTS.search(f"{seen.anchor[:500]}\n{seen.sentence.text[:2_000]}\n{seen.text[:60_000]}")
    if not found or seen.response is not Response.MENTION:
        return abstains("The page does not say that its text is from elsewhere.")
    return says(0.8, f"The page says that its text is from elsewhere: “{' '.join(found.group().split())}”.")


CHECKS = (
    Check("copy.text", "copy", 5.0, text),
    Check("copy.title", "copy", 1.5, title),
    Check("copy.reprint", "copy", 2.5, reprint),
)
