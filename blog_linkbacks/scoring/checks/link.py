"""The link itself: whether it is there, where it stands, what it says and what stands around it."""

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.words import trade_words, words
from blog_linkbacks.vocabulary import NearMiss, Outcome, Placement, Response, Subject

_PLACES = {
    Placement.ARTICLE: (-0.6, "The link stands inside the article."),
    Placement.PAGE: (0.0, "The link stands on the page, outside any marked article."),
    Placement.COMMENT: (0.3, "The link stands in a reader's comment."),
    Placement.SIDEBAR: (0.8, "The link stands in the sidebar, as on every page of the site."),
    Placement.NAVIGATION: (0.8, "The link stands in the navigation, as on every page of the site."),
    Placement.FOOTER: (1.0, "The link stands in the footer, as on every page of the site."),
}
_BARE_ANCHORS = {
    "", "link", "here", "click here", "more", "read more", "continue reading", "source", "this", "website",
    "visit", "via", "read the full article", "original article", "full article", "original post",
}  # fmt: skip
# From so many words of text for each site on, a list of links says something of what it links to.
_WORDS_FOR_A_SITE = 8
_A_TITLE = 3


def present(subject: Subject) -> View:
    seen = subject.evidence
    if seen.outcome is Outcome.LINKED:
        return says(-0.05, "The page links to this post.")
    if seen.outcome is Outcome.NO_LINK and seen.near_miss in (None, NearMiss.NOTHING, NearMiss.REDIRECTED):
        return says(1.0, "The page has no link to this post.")
    if seen.outcome is Outcome.NO_LINK:
        return says(0.4, "The page has no link to this post, but comes near it.")
    if seen.outcome in (Outcome.NOT_FOUND, Outcome.GONE, Outcome.NOT_TEXT):
        return says(0.8, "There is no page that could link to this post.")
    return abstains("The page could not be read, so nobody knows whether it links here.")


def placement(subject: Subject) -> View:
    if subject.evidence.outcome is not Outcome.LINKED:
        return abstains("No link, so no place on the page.")
    place = subject.evidence.placement
    if place not in _PLACES:
        return abstains("Where the link would stand does not count while it is hidden.")
    return says(*_PLACES[place])


def hidden(subject: Subject) -> View:
    seen = subject.evidence
    if seen.placement is not Placement.HIDDEN and not seen.hidden_by:
        return abstains("Nothing hides the link.")
    how = seen.hidden_by or "style"
    if seen.response is not Response.MENTION:
        return says(0.1, f"Hidden ({how}), as sites do that mark up a {seen.response}.")
    return says(1.0, f"Hidden from readers ({how}).", proof=True)


def rel(subject: Subject) -> View:
    marks = set(subject.evidence.rel)
    if "sponsored" in marks:
        return says(1.0, "The site itself marks the link as paid for (rel sponsored).")
    if marks & {"nofollow", "ugc"}:
        return says(0.2, "The site does not vouch for the link (rel nofollow).")
    return abstains("The link carries no mark such as nofollow.")


def crowd(subject: Subject) -> View:
    links, sites = subject.evidence.outgoing_links, subject.evidence.outgoing_sites
    if subject.evidence.outcome is not Outcome.LINKED:
        return abstains("No link, so no company it keeps.")
    company = f"One of {counted(links, 'link')} to {counted(sites, 'other site')}."
    worded = subject.evidence.prose_words >= _WORDS_FOR_A_SITE * sites
    if sites > 60:
        return says((0.4 + sites / 400) * (0.5 if worded else 1.0), company)
    if sites > 25:
        return says((sites - 25) / (200 if worded else 80), company)
    return says(-0.1, company)


def company(subject: Subject) -> View:
    seen = subject.evidence
    others = seen.block_links
    if seen.outcome is not Outcome.LINKED or others < 4:
        return abstains("The link is not one of many in its own paragraph.")
    apart = seen.block_words / (others + 1)
    said = f"{counted(others, 'other link')} in the same paragraph"
    if apart > 15:
        return says(0.0, f"There are {said}, with text between them.")
    return says(0.9 - apart / 20, f"There are {said}, and little text between them.")


def shown(subject: Subject) -> View:
    if subject.evidence.seen_by_reader is None:
        return abstains("The page was not read a second time, as a browser reads it.")
    if subject.evidence.seen_by_reader:
        return says(-0.1, "The link is there for ordinary readers too.")
    return says(1.0, "The link is shown to this blog only, not to ordinary readers.", proof=True)


def context(subject: Subject) -> View:
    seen = subject.evidence
    if seen.outcome is not Outcome.LINKED or seen.response is not Response.MENTION:
        return abstains("Words around the link are not asked for here.")
    around = len(words(seen.sentence.before)) + len(words(seen.sentence.after))
    if around >= 8:
        return says(-0.5, f"The link stands in a sentence of {around} other words.")
    if around >= 3 or seen.block_words - len(words(seen.anchor)) >= 8:
        return says(-0.2, "A few words stand around the link.")
    if len(words(seen.anchor)) >= _A_TITLE:
        return says(0.2, "The link stands alone, as titles do in a list.")
    return says(0.4, "The link stands alone, with no words around it.")


def anchor(subject: Subject) -> View:
    seen = subject.evidence
    sold = trade_words(seen.anchor, besides=f"{subject.target.title} {subject.target.text}")
    if sold:
        return says(1.0, f"The words of the link sell something: {', '.join(sold[:3])}.")
    if seen.outcome is not Outcome.LINKED or seen.response is not Response.MENTION:
        return abstains("The words of the link are not asked for here.")
    if seen.anchor and not words(seen.anchor):
        return says(0.8, f"The link is but a mark (“{seen.anchor.strip()[:10]}”).")
    if " ".join(words(seen.anchor)) in _BARE_ANCHORS:
        return says(0.2, f"The link says only “{seen.anchor.strip()[:40]}”.")
    return says(-0.1, "The words of the link are its own.")


CHECKS = (
    Check("link.present", "link", 5.6, present),
    Check("link.placement", "link", 2.1, placement),
    Check("link.hidden", "link", 5.6, hidden),
    Check("link.rel", "link", 1.4, rel),
    Check("link.crowd", "link", 3.5, crowd),
    Check("link.company", "link", 2.1, company),
    Check("link.shown", "link", 5.6, shown),
    Check("link.context", "link", 2.1, context),
    Check("link.anchor", "link", 1.4, anchor),
)
