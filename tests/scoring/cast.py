"""Subjects to judge: an honest citation, and changes to it."""

from dataclasses import replace
from typing import Any

from blog_linkbacks.vocabulary import (
    Claim,
    Evidence,
    Kind,
    Outcome,
    Placement,
    Sentence,
    SiteHistory,
    Subject,
    Target,
)

POST = """
Sourdough wants patience more than skill. I keep a jar of starter on the windowsill, feed it each morning
with rye flour and lukewarm water, and bake on Saturday. The dough rests overnight in the cellar, where it is
twelve degrees in winter and sixteen in summer, and goes into a cast iron pot in the oven for fifty minutes.
When the crust sings on the cooling rack I know that the bread will keep for a week.
"""
PAGE = """
Last month I tried to bake bread for the first time in years. My first loaf was flat and sour, the second one
burnt. Then I found Anna's notes about feeding the starter with rye flour, which saved me from another brick.
Since then we have eaten our own bread every Sunday, and the children ask for the end piece with butter.
The oven is still too cold at the back, so I turn the pot once after half an hour and leave the lid off.
"""


def honest(**changes: Any) -> Evidence:
    """A page on somebody's blog that cites the post in a sentence."""
    seen = Evidence(
        outcome=Outcome.LINKED,
        final_url="https://crumbs.example/2026/first-loaf",
        status=200,
        address="93.184.216.34",
        content_type="text/html",
        title="My first loaf",
        site_name="Crumbs",
        excerpt="Then I found Anna's notes about feeding the starter with rye flour.",
        sentence=Sentence("Then I found ", "Anna's notes", " about feeding the starter with rye flour."),
        placement=Placement.ARTICLE,
        anchor="Anna's notes",
        block_words=24,
        page_words=len(PAGE.split()),
        outgoing_links=3,
        outgoing_sites=2,
        anchors=("Anna's notes", "the mill", "About"),
        text=PAGE,
    )
    return replace(seen, **changes)


def subject(
    evidence: Evidence | None = None,
    *,
    kind: Kind = Kind.PINGBACK,
    history: SiteHistory | None = None,
    internal: bool = False,
    **said: str,
) -> Subject:
    """The honest page's linkback; `said` are fields of the claim."""
    claim = Claim(
        kind=kind,
        source_url=said.pop("source_url", "https://crumbs.example/2026/first-loaf"),
        target_url="https://blog.example/sourdough",
        sender_ip=said.pop("sender_ip", "192.0.2.7"),
        **said,
    )
    target = Target(("https://blog.example/sourdough",), "Sourdough in winter", POST, ("bread",), "en")
    return Subject(claim, evidence or honest(), target, history or SiteHistory(), internal)
