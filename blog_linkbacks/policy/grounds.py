"""What a linkback has to have to be published by itself: every ground must hold, or says why not."""

import ipaddress
from collections.abc import Callable

from blog_linkbacks.urls import host, registrable
from blog_linkbacks.vocabulary import (
    Evidence,
    Listing,
    Opinion,
    Placement,
    Response,
    Score,
    Sentence,
    Subject,
)

OWN_WORDS = 60
OWN_WORDS_IN_AN_ARTICLE = 40
# Where a check has weighed what the page has for itself, its length is but a part of that.
OWN_WORDS_WHERE_WEIGHED, OWN_WORDS_IN_AN_ARTICLE_WHERE_WEIGHED = 15, 5
OWN_WORDS_WHERE_NOT_PUBLIC = 150
WORDS_AROUND = 3
A_TITLE = 3
A_SENTENCE = 8
MOST_SITES, MOST_SITES_WITH_WORDS = 40, 80
WORDS_FOR_A_SITE = 8
MOST_SITES_OF_A_RESPONSE = 5
A_NOTE, MOST_SITES_OF_A_NOTE = 120, 2
SAYS_MUCH = 1.0
SAYS_SOMETHING = 0.3

# What these see is what link spam is there for: even a quiet word of theirs is for a person to weigh.
_SELLING = {
    "link.anchor", "link.rel", "source.title", "source.anchors", "source.linked_sites", "source.trades",
    "source.keywords", "source.body", "source.address_words", "source.matter", "source.named",
    "source.money_links", "text.offers", "text.trades", "text.stock_phrases", "text.filler", "text.doorways",
    "text.script", "copy.text", "copy.reworded", "copy.reprint",
    "profit.calls", "profit.label", "profit.lures", "profit.resold",
}  # fmt: skip

# These are no more than odd; of a page that has little for itself, even they are too much.
_ODD = {
    "link.crowd", "source.ending", "source.moved", "source.link_farm", "source.missing", "copy.title", "text.person",
    "text.praise", "text.name", "text.links_said", "text.stuffing", "profit.paid", "profit.prices",
}  # fmt: skip
_STANDING = "source.standing"
# So little may be missing where nothing at all is odd, and so little where the page is not about other things.
_SLIGHTLY_LESS, _LESS = 0.33, 0.41

# Or where nobody is seen to earn by the page: wikis, lists for a course, notes to a program say little, and honestly.
_NOBODY_EARNS, _LITTLE = "profit.nobody", 0.56

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


def against(score: Score) -> str:
    """What speaks most for spam, as a sentence; empty where nothing does."""
    worst = max(score.opinions, key=lambda o: o.contribution, default=None)
    return worst.detail if worst and worst.contribution > 0 else ""


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


def written(subject: Subject, score: Score) -> str:
    """A short text is enough where the link stands in a whole sentence of a marked article; a long one is asked
    of a page on the owner's own network, whose address says nothing of who is behind it."""
    amount = subject.evidence.prose_words
    if _is_public(subject.evidence) and _nobody_earns(score):
        return ""
    if amount >= _words_asked_for(subject.evidence, weighed=_standing(score) is not None):
        return ""
    return f"The page has only {amount} words of its own text, too few to judge by."


def _words_asked_for(seen: Evidence, *, weighed: bool) -> int:
    if not _is_public(seen):
        return OWN_WORDS_WHERE_NOT_PUBLIC
    if seen.placement is not Placement.ARTICLE:
        return OWN_WORDS_WHERE_WEIGHED if weighed else OWN_WORDS
    if weighed:
        return OWN_WORDS_IN_AN_ARTICLE_WHERE_WEIGHED
    return OWN_WORDS_IN_AN_ARTICLE if _around(seen.sentence) >= A_SENTENCE else OWN_WORDS


def surrounded(subject: Subject, _score: Score) -> str:
    """A title may stand alone, as in a list of links or below a text; a “here” may not."""
    seen = subject.evidence
    around = max(_around(seen.sentence), seen.block_words - _amount(seen.anchor))
    named = seen.anchor.strip().casefold() == subject.target.title.strip().casefold() != ""
    titled = named or _amount(seen.anchor) >= A_TITLE
    if around >= WORDS_AROUND or (titled and not _is_note(seen)):
        return ""
    return "Hardly a word stands around the link."


def uncrowded(subject: Subject, _score: Score) -> str:
    """A list of many links is somebody's where it says something of each."""
    seen, sites = subject.evidence, subject.evidence.outgoing_sites
    worded = seen.prose_words >= WORDS_FOR_A_SITE * sites
    return (
        ""
        if sites <= (MOST_SITES_WITH_WORDS if worded else MOST_SITES)
        else f"The page links to {sites:,} other sites."
    )


def signed(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    if not seen.entry:
        return "It is a response, but not in a marked-up entry of its own."
    return "" if seen.author else "It is marked up as a response, but nobody's name is given."


def slight(subject: Subject, _score: Score) -> str:
    sites = subject.evidence.outgoing_sites
    return (
        ""
        if sites <= MOST_SITES_OF_A_RESPONSE
        else f"A response, but its page links to {sites:,} other sites."
    )


def worded(subject: Subject, _score: Score) -> str:
    seen = subject.evidence
    if seen.response is not Response.REPLY or seen.excerpt.strip():
        return ""
    return "A reply without words."


def unlisted(subject: Subject, _score: Score) -> str:
    """The blogger's own words to hold by count whatever the check that names them weighs."""
    held = next((one for one in subject.listed if one.listing is Listing.HOLD), None)
    return f"You hold what has “{held.word}” {held.place}." if held else ""


def vouched(_subject: Subject, score: Score) -> str:
    """A page needs something for itself; less of it where no check finds anything odd."""
    standing = _standing(score)
    if standing is None or standing.contribution <= 0:
        return ""
    said = {o.name: o for o in score.opinions}
    nobody = _nobody_earns(score)
    mild = SAYS_SOMETHING if nobody else 0.0
    odd = any(said[name].contribution > mild for name in (_SELLING | _ODD) & said.keys())
    elsewhere = (said["text.topic"].strength or 0.0) > 0.2 if "text.topic" in said else False
    less = _LITTLE if nobody else _SLIGHTLY_LESS if elsewhere else _LESS
    bearable = 0.0 if odd else less
    return standing.detail if (standing.strength or 0.0) > bearable else ""


def _standing(score: Score) -> Opinion | None:
    return next((o for o in score.opinions if o.name == _STANDING and o.strength is not None), None)


def _nobody_earns(score: Score) -> bool:
    return any(o.name == _NOBODY_EARNS and o.contribution < 0 for o in score.opinions)


def unsuspected(_subject: Subject, score: Score) -> str:
    against = [o for o in score.opinions if o.group != "prior" and o.contribution > _bearable(o.name)]
    worst = max(against, key=lambda o: o.contribution, default=None)
    return worst.detail if worst else ""


# A site approved before need not prove itself again.
KNOWN_GROUNDS: tuple[Ground, ...] = (answered, unlisted, unsuspected, at_home)
MENTION_GROUNDS: tuple[Ground, ...] = (
    answered, unlisted, spotless, single, unsuspected, vouched, visible, surrounded, written, uncrowded, at_home
)  # fmt: skip
RESPONSE_GROUNDS: tuple[Ground, ...] = (
    answered, unlisted, spotless, single, unsuspected, signed, worded, slight, at_home, public
)  # fmt: skip
NOTE_GROUNDS: tuple[Ground, ...] = (
    answered, unlisted, spotless, single, unsuspected, visible, surrounded, at_home, public
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
