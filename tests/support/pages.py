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


def without_link(target: str) -> str:
    """The post's address stands in the text and in a comment, but nothing links to it."""
    return f"<!doctype html><title>No link</title><body><p>See {target} for more.</p><!-- <a href='{target}'>x</a> -->"
