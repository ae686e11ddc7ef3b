"""Pages that other people wrote, linking to a post of the blog."""


def article(
    target: str, *, title: str = "Notes from my garden", before: str = "", anchor: str = "this piece"
) -> str:
    """An honest page: an article of some length with one link in a sentence."""
    filler = "The beds had been under cardboard since autumn and the worms did the digging for us. " * 12
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>
    <nav><a href="/">Home</a> <a href="/about">About</a></nav>
    <article class="h-entry"><h1 class="p-name">{title}</h1>
    <p class="p-author h-card">Mina Park</p><div class="e-content"><p>{filler}</p>
    <p>{before or "The clearest account of soil I know is in"} <a href="{target}">{anchor}</a>, which convinced me.</p>
    <p>{filler}</p></div></article></body></html>"""


def own_words(target: str) -> str:
    """A page with a text of its own, none of it twice, long enough to be judged without a person."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    told = "".join(
        f"<p>On {day} I carried {number} barrows of leaves past the {thing} and wondered whether {worry}.</p>"
        for number, (day, thing, worry) in enumerate(zip(days, _THINGS, _WORRIES, strict=True), 3)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A week of leaves</title></head>
    <body><article><h1>A week of leaves</h1>{told}<p>The clearest account of soil that I know is in
    <a href="{target}">this piece on beds without digging</a>, and it settled the matter.</p></article></body></html>"""


_THINGS = ("old pear", "water butt", "cold frame", "hen house", "broken gate", "quince hedge", "compost heap")
_WORRIES = (
    "the frost would come before the garlic was in, as it did two winters ago when we lost half of it",
    "my neighbour's cat had found the seed trays again, because the soil in them was strangely flat",
    "leaf mould is worth a year of waiting, which is what my grandmother always told visitors it was",
    "worms mind the cardboard that I lay under everything, since they seem to gather where it is thickest",
    "anybody has ever counted how many barrows one beech gives in a season, or whether I should begin",
    "the beans want a trench after all, although no book on this shelf agrees with the other about it",
    "it is laziness or patience to leave a bed alone until spring, and whether that makes a difference",
)


def without_link(target: str) -> str:
    """The post's address stands in the text and in a comment, but nothing links to it."""
    return f"<!doctype html><title>No link</title><body><p>See {target} for more.</p><!-- <a href='{target}'>x</a> -->"
