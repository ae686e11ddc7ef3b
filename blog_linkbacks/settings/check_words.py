"""The checks in words: what each looks at, family by family."""

from collections.abc import Mapping

FAMILIES: Mapping[str, tuple[str, str]] = {
    "link": ("The link", "Whether it is there, where it stands and what stands around it."),
    "source": ("The page", "What kind of page links here, and what it sells."),
    "copy": ("Copying", "Whose words the page uses."),
    "text": ("The words", "What the sender says, and how the page's text is made."),
    "history": ("Seen here before", "What this blog has decided of the site and the sender."),
    "learned": ("Learned here", "What your decisions have taught."),
    "akismet": ("Akismet", "The word of the service, where a key is configured."),
}

_SENTENCES: Mapping[str, str] = {
    "link.present": "Does the page link to the post?",
    "link.placement": "Does the link stand in the article, or in a sidebar, footer or comment?",
    "link.hidden": "Is the link hidden from readers? This alone is proof of spam.",
    "link.rel": "Is the link marked as paid for, or as not vouched for?",
    "link.crowd": "To how many other sites does the page link?",
    "link.company": "Is the link one of many in the same paragraph?",
    "link.shown": "Is the link shown to this blog only, not to readers? This alone is proof of spam.",
    "link.context": "Do words stand around the link?",
    "link.anchor": "Do the link's own words sell something, or say nothing?",
    "source.ending": "Is the site under a name that costs next to nothing?",
    "source.thin": "How much text does the page have?",
    "source.link_farm": "Is the page little but a list of links?",
    "source.parked": "Is it a parked domain, put up for sale?",
    "source.missing": "Does the page call itself missing?",
    "source.voice": "Is there enough text of its own, signed and dated?",
    "source.moved": "Does the address lead to another site?",
    "source.sender": "Was it sent from the site's own address?",
    "source.title": "Does the page's title sell something?",
    "source.anchors": "Do the page's other links sell something?",
    "source.linked_sites": "Do the sites that the page links to sell by their names?",
    "source.trades": "Are its links about several trades that live on spam?",
    "source.keywords": "Does it give search engines words that it does not have?",
    "source.body": "Does the page's text sell?",
    "source.matter": "Is the text about such a trade, and does it urge its readers on?",
    "source.address_words": "Does the page's address sell something?",
    "source.named": "Is the site called after what people search for?",
    "copy.text": "Is the page's text a copy of the post?",
    "copy.title": "Does the page bear the post's title?",
    "copy.reprint": "Does the page say that its text is from elsewhere?",
    "text.claim_matches": "Does what the sender says stand on the page?",
    "text.stock_phrases": "Are there phrases that linking programs are known for?",
    "text.praise": "Is it praise that would fit any post?",
    "text.offers": "Are there phrases of selling?",
    "text.trades": "Do the sender's words sell something?",
    "text.links_said": "Does the sender's text carry links?",
    "text.name": "Does the sender's name read as a name?",
    "text.topic": "Is the page about the same things as the post?",
    "text.sentences": "Is the page's text in sentences?",
    "text.person": "Does somebody speak of themselves on the page, or is it all for its readers?",
    "text.filler": "Is the page filled with phrases that could stand on any page?",
    "text.stuffing": "Does the page repeat one phrase over and over?",
    "text.script": "Is what is said in other letters (Latin, Cyrillic and so on) than both the page and the post?",
    "history.site": "What was decided of this site's linkbacks so far?",
    "history.age": "Has the site linked here now and then for long?",
    "history.address": "What was decided of linkbacks from the sender's address?",
    "history.same_text": "Did other linkbacks of late have the same text?",
    "history.burst": "Is the site sending in bulk?",
    "learned.words": "Do its words and its page resemble what you approved, or what you marked as spam?",
    "akismet": "What does Akismet say? Its word for spam is enough alone.",
}


def sentence(name: str) -> str:
    """What a check looks at, in a sentence."""
    return _SENTENCES.get(name, name.rpartition(".")[2].replace("_", " ").capitalize())
