"""What a page has for itself besides its link: somebody's voice, a matter in common, words around the link."""

from collections.abc import Iterator

from blog_linkbacks.scoring.checks.prose import of_oneself, script_of, tongue_of
from blog_linkbacks.scoring.checks.text import topics
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.words import runs, shared, words
from blog_linkbacks.vocabulary import Evidence, Outcome, Placement, Response, Subject

# Points that a stranger's page needs, so that nothing but its link has to be looked at by a person.
ENOUGH = 2.5
_LENGTHS = ((150, 1.5), (60, 1.0), (25, 0.5))
_IN_COMMON = 4
_A_NOTE, _SITES_OF_A_NOTE = 120, 2
_SCRIPTS_READ = ("Latin", "Cyrillic")

Merit = tuple[float, str]


def standing(subject: Subject) -> View:
    """All of this can be made up, at some cost; so it clears no page that sells, but without it nothing is cleared."""
    seen = subject.evidence
    if seen.outcome is not Outcome.LINKED or seen.response is not Response.MENTION or _is_note(seen):
        return abstains("What a page has for itself is not asked for here.")
    found = [merit for merit in _merits(subject) if merit[0]]
    points = sum(worth for worth, _ in found)
    named = ", ".join(name for _, name in found)
    if points >= ENOUGH:
        return says(-0.1 - 0.2 * (points - ENOUGH), f"The page has something for itself: {named}.")
    return says(
        0.25 + 0.15 * (ENOUGH - points), f"The page has little for itself: {named or 'nothing found'}."
    )


def _merits(subject: Subject) -> Iterator[Merit]:
    seen = subject.evidence
    yield _voice(seen)
    yield _common(subject)
    yield _embedded(subject)
    yield _length(seen)
    if seen.author or seen.entry:
        yield 0.5, "a name or the marks of an entry"
    if seen.published:
        yield 0.25, "a date"


def _is_note(seen: Evidence) -> bool:
    """A signed entry of few words is judged as what it is, not as a text."""
    small = seen.page_words <= _A_NOTE and seen.outgoing_sites <= _SITES_OF_A_NOTE
    return small and seen.entry and bool(seen.author)


def _voice(seen: Evidence) -> Merit:
    # The post's own title may stand on the page, and speak of its writer.
    if of_oneself(seen.text) > of_oneself(seen.anchor):
        return 1.0, "somebody speaks of themselves"
    if script_of(seen.text) not in (*_SCRIPTS_READ, ""):
        return 0.5, "a script in which that cannot be told"
    return 0.0, ""


def _common(subject: Subject) -> Merit:
    """A page that is mostly the post's own text has it in common too, but that is no merit."""
    page, post = subject.evidence.text, subject.target.text
    taken = shared(runs(page), runs(post))
    if 0.015 <= taken < 0.3:
        return 1.0, "it quotes the post"
    ours = topics(post) - topics(subject.target.title)
    both = (theirs := topics(page)) & ours
    if taken < 0.3 and len(both) >= _IN_COMMON and len(both) >= 0.12 * min(len(ours), len(theirs)):
        return 1.0, "it is about the post's matter"
    if _in_other_words(subject):
        return 0.5, "a language in which its matter cannot be compared"
    return 0.0, ""


def _in_other_words(subject: Subject) -> bool:
    page, post = subject.evidence, subject.target
    scripts = {script_of(page.text), script_of(post.text)} - {""}
    return len(scripts) > 1 or len({tongue_of(page.text), tongue_of(post.text)} - {-1}) > 1


def _embedded(subject: Subject) -> Merit:
    seen = subject.evidence
    if seen.placement not in (Placement.ARTICLE, Placement.PAGE):
        return 0.0, ""
    around = len(words(seen.sentence.before)) + len(words(seen.sentence.after))
    if around >= 8:
        return 1.0, f"{around} words around the link"
    if around >= 3 or seen.block_words - len(words(seen.anchor)) >= 8:
        return 0.5, "some words around the link"
    if (
        shared(frozenset(map(hash, words(subject.target.title))), frozenset(map(hash, words(seen.anchor))))
        >= 0.6
    ):
        return 0.5, "the post's title as the words of the link"
    return 0.0, ""


def _length(seen: Evidence) -> Merit:
    amount = seen.prose_words
    return next((worth for least, worth in _LENGTHS if amount >= least), 0.0), counted(
        amount, "word"
    ) + " of text"


CHECKS = (Check("source.standing", "source", 2.1, standing),)
