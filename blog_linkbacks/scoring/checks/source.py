"""The page and the site that link: what kind they are, and where."""

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.trades import hints
from blog_linkbacks.scoring.words import any_of, words
from blog_linkbacks.urls import host, registrable
from blog_linkbacks.vocabulary import Kind, Outcome, Response, Subject

_FOR_SALE = any_of(
    r"(?:domain(?: name)?|site)\b[^.]{0,60}\b(?:is|may be|might be) (?:for sale|parked)",
    r"buy this domain|domain (?:is )?parked|parked (?:free|domain)|domain (?:has )?expired",
    r"renew (?:this|your) domain|inquire about this domain|related searches",
)
_NOT_FOUND = any_of(
    r"(?:error )?404\b|(?:page |file |article )?(?:is )?not found\b|no longer (?:exists|available)\b",
    r"(?:nicht gefunden|introuvable|no encontrada|non trovata|niet gevonden|не найден[ао]?)\b|見つかりません",
)
_SENT_ON = any_of(
    r"(?:if|in case) (?:you are|you['’]re|your browser (?:is|does)) not? ?(?:automatically |being )?redirect",
    r"(?:you are|you['’]re) (?:now )?being redirected\b|redirecting (?:you|to|in)\b|please wait while (?:you|we)\b",
)
# Endings that cost next to nothing, so that a burnt name is no loss.
_ENDINGS = """
top xyz icu click loan bid win buzz cyou cfd sbs rest monster tk ml ga cf gq
online site shop store website space club work biz
"""
_SITES_OF_A_NOTE = 2
# Links of so many words each, on the average, are titles of what they lead to, as people list them.
_TITLES = 4.5
_THROWAWAY = frozenset(_ENDINGS.split())


def ending(subject: Subject) -> View:
    last = host(subject.evidence.final_url or subject.claim.source_url).rpartition(".")[2]
    if last not in _THROWAWAY:
        return abstains("Nothing odd about the ending of the site's name.")
    return says(0.5, f"Its name ends in .{last}, which costs next to nothing and is often thrown away.")


def thin(subject: Subject) -> View:
    seen = subject.evidence
    signed_note = seen.entry and seen.author and seen.outgoing_sites <= _SITES_OF_A_NOTE
    if seen.outcome is not Outcome.LINKED or seen.response is not Response.MENTION or signed_note:
        return abstains("The length of the page does not matter here.")
    amount = counted(seen.page_words, "word")
    if seen.page_words < 30:
        return says(0.3, f"The page has hardly any text ({amount}).")
    return says(-0.2 if seen.page_words > 250 else 0.0, f"The page has {amount}.")


def link_farm(subject: Subject) -> View:
    seen = subject.evidence
    linked = sum(len(words(a)) for a in seen.anchors)
    if seen.outgoing_sites < 12 or not seen.page_words:
        return abstains("The page is not a list of links.")
    share = min(1.0, linked / seen.page_words)
    if linked >= _TITLES * len(seen.anchors) and not hints((*seen.anchors, *seen.keywords)):
        return says(0.0, f"The page lists titles at {seen.outgoing_sites} sites, none of them for sale.")
    if share < 0.4:
        return says(-0.1, "The page has far more text than links.")
    return says(share * 1.2 - 0.2, f"The page is little but links to {seen.outgoing_sites} sites.")


def parked(subject: Subject) -> View:
    seen = subject.evidence
    found = _FOR_SALE.search(f"{seen.title}\n{seen.text[:3000]}".lower())
    if not found or seen.page_words > 300:
        return abstains("The page does not look like a parked domain.")
    return says(1.0, "The page is a parked domain, put up for sale.")


def moved(subject: Subject) -> View:
    first = registrable(host(subject.claim.source_url))
    last = registrable(host(subject.evidence.final_url or subject.claim.source_url))
    if _SENT_ON.search(subject.evidence.text[:3000].lower()):
        return says(0.6, "The page says that it sends its readers on.")
    if first == last:
        return abstains("The page is at the address that was named.")
    return says(0.5, f"The address that was named sends readers on to another site ({last}).")


def sender(subject: Subject) -> View:
    sent, served = subject.claim.sender_ip, subject.evidence.address
    if not sent or not served or subject.claim.kind is Kind.WEBMENTION:
        return abstains("Who sent it says nothing here.")
    if sent == served:
        return says(-0.15, "Sent from the site's own address.")
    return says(0.05, "Sent from another address than the site's, as many hosts do.")


def missing(subject: Subject) -> View:
    seen = subject.evidence
    if seen.page_words > 200 or not _NOT_FOUND.search(seen.title.lower()):
        return abstains("The page does not say that it is missing.")
    return says(0.7, "The page calls itself missing, although it answers.")


def voice(subject: Subject) -> View:
    """Somebody's writing: signed, dated, and enough of it. Easily made up, so it says little."""
    seen = subject.evidence
    if seen.prose_words < 80 or seen.outcome is not Outcome.LINKED:
        return abstains("There is too little text to tell whose it is.")
    signed, dated = bool(seen.author or seen.entry), bool(seen.published)
    if not signed and not dated:
        return says(-0.2, f"The page has {counted(seen.prose_words, 'word')} outside its links.")
    how = "signed and dated" if signed and dated else "signed" if signed else "dated"
    return says(-0.6, f"The page's {counted(seen.prose_words, 'word')} outside its links are {how}.")


CHECKS = (
    Check("source.ending", "source", 1.4, ending),
    Check("source.thin", "source", 1.4, thin),
    Check("source.link_farm", "source", 2.8, link_farm, version=2),
    Check("source.parked", "source", 4.9, parked),
    Check("source.missing", "source", 2.8, missing),
    Check("source.voice", "source", 1.4, voice),
    Check("source.moved", "source", 2.8, moved),
    Check("source.sender", "source", 1.4, sender),
)
