"""The blog's own pictures in a rendered text: their sizes, smaller files for small screens, captions. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

SIZES = "(min-width: 48rem) 44rem, 100vw"  # how wide the text's column shows a picture


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of one of the blog's pictures; `srcset` is empty where there is one file alone."""

    src: str
    width: int
    height: int
    srcset: str = ""


Pictures = Callable[[str], Shown | None]


def no_pictures(_src: str) -> None:
    """The pictures of a text that has none of the blog's own."""


def placed(tokens: Sequence[Token], pictures: Pictures) -> None:
    """Give each picture its size and files; one that stands alone and has a title becomes a figure with a caption."""
    for number, token in enumerate(tokens):
        for child in token.children or ():
            if child.type == "image":
                _complete(child, pictures)
        if token.type == "inline" and _is_figure(tokens[number - 1], token):
            _make_figure(tokens[number - 1], token, tokens[number + 1])


def _complete(image: Token, pictures: Pictures) -> None:
    shown = pictures(str(image.attrs.get("src", "")))
    if shown is not None:
        image.attrs.update(src=shown.src, width=shown.width, height=shown.height)
        if shown.srcset:
            image.attrs.update(srcset=shown.srcset, sizes=SIZES)
    image.attrs["decoding"] = "async"


def _is_figure(before: Token, inline: Token) -> bool:
    children = inline.children or []
    lone = before.type == "paragraph_open" and not before.hidden and len(children) == 1
    return lone and children[0].type == "image" and bool(children[0].attrs.get("title"))


def _make_figure(before: Token, inline: Token, after: Token) -> None:
    before.tag = after.tag = "figure"
    assert inline.children is not None
    words = Token("text", "", 0, content=str(inline.children[0].attrs.pop("title")))
    caption = [Token("caption_open", "figcaption", 1), words, Token("caption_close", "figcaption", -1)]
    inline.children += caption
