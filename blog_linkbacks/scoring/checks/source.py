"""The page and the site that link: what they are about, what they sell, where they are."""

import re
from collections.abc import Sequence

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.words import any_of, host_trades, shop_words, trade_words, words
from blog_linkbacks.urls import host, registrable
from blog_linkbacks.vocabulary import Kind, Outcome, Response, Subject

_FOR_SALE = any_of(
    r"(?:domain(?: name)?|site)\b[^.]{0,60}\b(?:is|may be|might be) (?:for sale|parked)",
    r"buy this domain|domain (?:is )?parked|parked (?:free|domain)|domain (?:has )?expired",
    r"renew (?:this|your) domain|inquire about this domain|related searches",
)
# Endings that cost next to nothing, so that a burnt name is no loss.
_ENDINGS = """
top xyz icu click loan bid win buzz cyou cfd sbs rest monster tk ml ga cf gq
online site shop store website space club work biz
"""
_THROWAWAY = frozenset(_ENDINGS.split())


def title(subject: Subject) -> View:
    seen = subject.evidence
    named = f"{seen.title} {seen.site_name}"
    sold = trade_words(named, besides=_post(subject))
    shop = shop_words(named)
    if sold:
        return says(0.3 + 0.25 * len(sold) + 0.1 * len(shop), f"The page's title sells: {_some(sold)}.")
    if len(shop) >= 2:
        return says(0.15 * len(shop), f"The page's title speaks as a shop does: {_some(shop)}.")
    return abstains("Nothing in the page's title looks like an offer.")


def anchors(subject: Subject) -> View:
    said = subject.evidence.anchors
    hits = [a for a in said if trade_words(a, besides=_post(subject))]
    if not hits:
        return abstains("The page's other links do not sell anything.")
    share = len(hits) / len(said)
    sold = trade_words(" . ".join(hits))
    return says(0.1 * len(hits) + share, f"{len(hits)} of {len(said)} links on the page sell: {_some(sold)}.")


def linked_sites(subject: Subject) -> View:
    sites = subject.evidence.sites
    sold = [site for site in sites if host_trades(site) or trade_words(site.replace("-", " "))]
    if not sold:
        return abstains("The sites that the page links to do not sell by their names.")
    return says(
        0.1 * len(sold) + len(sold) / len(sites), f"The page links to {_some(sold[:2])} and the like."
    )


def body(subject: Subject) -> View:
    sold = trade_words(subject.evidence.text, besides=_post(subject))
    length = len(words(subject.evidence.text))
    if len(sold) < 3 or len(sold) * 150 < length:
        return abstains("The page's text does not read as an offer.")
    return says(0.15 * len(sold), f"The page's text sells: {_some(sold)}.")


def address_words(subject: Subject) -> View:
    url = subject.evidence.final_url or subject.claim.source_url
    spelled = re.sub(r"[\W_]+", " ", url)
    sold = {*trade_words(spelled, besides=_post(subject)), *host_trades(host(url))}
    shop, hyphens = shop_words(spelled), host(url).removeprefix("xn--").count("-")
    if sold:
        return says(0.4 + 0.2 * len(sold) + 0.1 * len(shop), f"Its address sells: {_some(sorted(sold))}.")
    if hyphens >= 3 or len(shop) >= 2:
        return says(0.1 * hyphens + 0.15 * len(shop), "Its address is put together from search words.")
    return abstains("Nothing odd about the page's address.")


def ending(subject: Subject) -> View:
    last = host(subject.evidence.final_url or subject.claim.source_url).rpartition(".")[2]
    if last not in _THROWAWAY:
        return abstains("Nothing odd about the ending of the site's name.")
    return says(0.5, f"Its name ends in .{last}, which costs next to nothing and is often thrown away.")


def thin(subject: Subject) -> View:
    seen = subject.evidence
    if seen.outcome is not Outcome.LINKED or seen.response is not Response.MENTION:
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
    if share < 0.4:
        return says(-0.1, "The page has far more text than links.")
    return says(share * 1.2 - 0.2, f"The page is little but links to {seen.outgoing_sites} sites.")


def parked(subject: Subject) -> View:
    seen = subject.evidence
    found = _FOR_SALE.search(f"{seen.title}\n{seen.text[:3000]}")
    if not found or seen.page_words > 300:
        return abstains("The page does not look like a parked domain.")
    return says(1.0, "The page is a parked domain, put up for sale.")


def moved(subject: Subject) -> View:
    first = registrable(host(subject.claim.source_url))
    last = registrable(host(subject.evidence.final_url or subject.claim.source_url))
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


def _post(subject: Subject) -> str:
    return f"{subject.target.title} {' '.join(subject.target.tags)} {subject.target.text}"


def _some(found: Sequence[str]) -> str:
    return ", ".join(found[:4])


CHECKS = (
    Check("source.title", "source", 3.0, title),
    Check("source.anchors", "source", 3.0, anchors),
    Check("source.linked_sites", "source", 3.0, linked_sites),
    Check("source.body", "source", 3.0, body),
    Check("source.address_words", "source", 2.5, address_words),
    Check("source.ending", "source", 1.0, ending),
    Check("source.thin", "source", 1.0, thin),
    Check("source.link_farm", "source", 2.0, link_farm),
    Check("source.parked", "source", 3.5, parked),
    Check("source.moved", "source", 2.0, moved),
    Check("source.sender", "source", 1.0, sender),
)
