"""What a linkback has to have to be published by itself: every ground must hold, or says why not."""

import ipaddress
from collections.abc import Callable

from blog_linkbacks.urls import host, registrable
from blog_linkbacks.vocabulary import Evidence, Placement, Response, Score, Sentence, Subject

OWN_WORDS = 60
OWN_WORDS_IN_AN_ARTICLE = 40
OWN_WORDS_WHERE_NOT_PUBLIC = 150
WORDS_AROUND = 3
A_SENTENCE = 8
MOST_SITES = 40
MOST_SITES_OF_A_RESPONSE = 5
A_NOTE, MOST_SITES_OF_A_NOTE = 120, 2
SAYS_MUCH = 1.0
SAYS_SOMETHING = 0.3

# What these see is what link spam is there for: even a quiet word of theirs is for a person to weigh.
_SELLING = {
    "link.anchor", "link.rel", "source.title", "source.anchors", "source.linked_sites", "source.trades",
    "source.keywords", "source.body", "source.address_words", "source.matter", "source.named", "text.offers",
    "text.trades", "text.stock_phrases", "text.filler", "text.person", "text.script", "copy.text", "copy.reprint",
}  # fmt: skip

Ground = Callable[[Subject, Score], str]


def lacking(subject: Subject, score: Score) -> str:
    """The first ground that is missing for publishing a linkback by itself, as a sentence; empty where none is."""
    return next((why for ground in _grounds(subject) if (why := ground(subject, score))), "")


def standing(subject: Subject, score: Score) -> str:
    """What a linkback with nothing lacking has for itself, as a sentence."""
    seen = subject.evidence
    if _known(subject) and _is_public(seen):
        return f"{score.reason} A site approved before, with nothing against it."
    if seen.response is not Response.MENTION:
        return f"A marked-up {seen.response} by {seen.author[:60]} at a public address; nothing speaks against it."
    if _is_note(seen):
        return f"A marked-up note by {seen.author[:60]} at a public address; nothing speaks against it."
    return f"The link stands among words of a text of {seen.prose_words:,} words; nothing speaks against it."


def answered(_subject: Subject, score: Score) -> str:
    return f"{score.ask_again} could not be asked." if score.ask_again else ""


def public(subject: Subject, _score: Score) -> str:
    return "" if _is_public(subject.evidence) else "The page is not at a public address."


def spotless(subject: Subject, _score: Score) -> str:
    past = subject.history
    if past.spam or past.rejected or past.undone:
        return "Linkbacks from this site were turned away here before."
    if past.from_address_spam:
        return "Spam has come from the sender's address before."
    return ""


def single(subject: Subject, _score: Score) -> str:
    past = subject.history
    if past.same_text_recently:
        return "The same text has come with other linkbacks of late."
    return "This site is sending many linkbacks at once." if past.site_recently > 5 else ""


def visible(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    if seen.placement is Placement.HIDDEN or seen.hidden_by:
        return "The link is hidden from readers."
    if seen.placement not in (Placement.ARTICLE, Placement.PAGE):
        return f"The link stands in the page's {_NAMES[seen.placement]}, not in its text."
    return ""


def at_home(subject: Subject, _score: Score) -> str:
    named, found = host(subject.claim.source_url), host(subject.evidence.final_url)
    if not found or registrable(named) == registrable(found):
        return ""
    return "The address that was named leads to another site."


def written(subject: Subject, _score: Score) -> str:
    """A short text is enough where the link stands in a whole sentence of a marked article; a long one is asked
    of a page on the owner's own network, whose address says nothing of who is behind it."""
    seen = subject.evidence
    amount = seen.prose_words
    cited = seen.placement is Placement.ARTICLE and _around(seen.sentence) >= A_SENTENCE
    enough = OWN_WORDS_IN_AN_ARTICLE if cited else OWN_WORDS
    if amount >= (enough if _is_public(seen) else OWN_WORDS_WHERE_NOT_PUBLIC):
        return ""
    return f"The page has only {amount} words of its own text, too few to judge by."


def surrounded(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    around = max(_around(seen.sentence), seen.block_words - _amount(seen.anchor))
    return "" if around >= WORDS_AROUND else "Hardly a word stands around the link."


def uncrowded(subject: Subject, _score: Score) -> str:
    sites = subject.evidence.outgoing_sites
    return "" if sites <= MOST_SITES else f"The page links to {sites:,} other sites."


def signed(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    if not seen.entry or not seen.author:
        return "It is marked up as a response, but nobody's name is given."
    return ""


def slight(subject: Subject, _score: Score) -> str:
    sites = subject.evidence.outgoing_sites
    return (
        ""
        if sites <= MOST_SITES_OF_A_RESPONSE
        else f"A response, but its page links to {sites:,} other sites."
    )


def worded(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    if seen.response is not Response.REPLY or _amount(seen.excerpt) >= 3:
        return ""
    return "A reply without words."


def unsuspected(_subject: Subject, score: Score) -> str:
    against = [o for o in score.opinions if o.group != "prior" and o.contribution > _bearable(o.name)]
    worst = max(against, key=lambda o: o.contribution, default=None)
    return worst.detail if worst else ""


# A site approved before need not prove itself again.
KNOWN_GROUNDS: tuple[Ground, ...] = (answered, unsuspected, at_home)
MENTION_GROUNDS: tuple[Ground, ...] = (
    answered, spotless, single, unsuspected, visible, surrounded, written, uncrowded, at_home
)  # fmt: skip
RESPONSE_GROUNDS: tuple[Ground, ...] = (
    answered, spotless, single, unsuspected, signed, worded, slight, at_home, public
)  # fmt: skip
NOTE_GROUNDS: tuple[Ground, ...] = (
    answered, spotless, single, unsuspected, visible, surrounded, at_home, public
)  # fmt: skip
_NAMES = {
    Placement.COMMENT: "comments",
    Placement.SIDEBAR: "sidebar",
    Placement.NAVIGATION: "navigation",
    Placement.FOOTER: "footer",
}


def _grounds(subject: Subject) -> tuple[Ground, ...]:
    if _known(subject) and _is_public(subject.evidence):
        return KNOWN_GROUNDS
    if subject.evidence.response is not Response.MENTION:
        return RESPONSE_GROUNDS
    return NOTE_GROUNDS if _is_note(subject.evidence) else MENTION_GROUNDS


def _known(subject: Subject) -> bool:
    past = subject.history
    return past.approved > 0 and past.spam == past.rejected == 0


def _is_public(seen: Evidence) -> bool:
    try:
        return ipaddress.ip_address(seen.address).is_global
    except ValueError:
        return False


def _is_note(seen: Evidence) -> bool:
    """A signed h-entry of few words, as people write them on their own sites or bridges write them for them."""
    small = seen.page_words <= A_NOTE and seen.outgoing_sites <= MOST_SITES_OF_A_NOTE
    return small and seen.entry and bool(seen.author)


def _bearable(name: str) -> float:
    return SAYS_SOMETHING if name in _SELLING else SAYS_MUCH


def _around(sentence: Sentence) -> int:
    return _amount(sentence.before) + _amount(sentence.after)


def _amount(text: str) -> int:
    return len(text.split())
