"""Every accent is readable wherever the style sheets put it, in light and in dark (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

from blog_linkbacks import ROOT
from blog_linkbacks.settings.forms import ACCENTS

TOKENS = (Path(ROOT) / "static/css/tokens.css").read_text()
PAIR = re.compile(r"--([\w-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)")
BEHIND = ("paper", "canvas", "raised", "sunken", "accent-wash")


def _colours(selector: str, scheme: int) -> dict[str, str]:
    block = TOKENS.partition(f"{selector} {{")[2].partition("}")[0]
    return {found[1]: found[2 + scheme] for found in PAIR.finditer(block)}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("accent", list(ACCENTS))
def test_an_accent_can_be_read(accent: str, scheme: int) -> None:
    own = _colours(f'[data-accent="{accent}"]', scheme)
    assert set(own) == {"accent", "accent-hover", "accent-wash", "on-accent", "toast-accent"}
    all_of_them = _colours(":root", scheme) | own
    for behind in BEHIND:
        assert _contrast(own["accent"], all_of_them[behind]) >= 4.5, behind
        assert _contrast(own["accent-hover"], all_of_them[behind]) >= 4.5, behind
    assert _contrast(own["on-accent"], own["accent"]) >= 4.5
    assert _contrast(own["on-accent"], own["accent-hover"]) >= 4.5
    assert _contrast(own["toast-accent"], all_of_them["toast"]) >= 4.5


def test_the_first_accent_is_that_of_a_new_blog() -> None:
    for scheme in (0, 1):
        root, blue = _colours(":root", scheme), _colours('[data-accent="blue"]', scheme)
        assert {name: root[name] for name in blue} == blue
