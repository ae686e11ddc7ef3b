import pytest

from blog_linkbacks.protocols.plain import cut, plain

FAMILY = "👩‍👩‍👧"
FLAGS = "🇯🇵🇩🇪"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a &amp; b", "a & b"),
        ("a &amp;amp; b", "a &amp; b"),
        ("<b>Bold</b> move", "Bold move"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("line<br/>break", "line break"),
        ("ca<em>t</em>s", "cats"),
        ("x < y > z, I <3 you", "x < y > z, I <3 you"),
        ("before<script>alert(1)</script>after", "before after"),
        ("before<style>p{}", "before"),
        ("a<!-- hidden <b> -->b", "a b"),
        ('<a title="x>y" href=z>link</a>', "link"),
        ('cropped <a href="https://a.exam', "cropped"),
        ("<?php x ?><!DOCTYPE html>text", "text"),
        ("one\r\n\ttwo\u00a0 three", "one two three"),
        ("a\0b\x1bc\u202ed\ufeffe", "abcde"),
        ("&lt;script&gt;", "<script>"),
        ("&#x202e;&#1;ok", "ok"),
    ],
)
def test_only_readable_text_stays(text: str, expected: str) -> None:
    assert plain(text, 255) == expected


def test_a_text_that_fits_is_not_touched() -> None:
    assert cut("x" * 255, 255) == "x" * 255


def test_the_ellipsis_counts_within_the_limit() -> None:
    assert cut("x" * 256, 255) == "x" * 254 + "…"


@pytest.mark.parametrize("cluster", ["e\u0301", "👍🏽", FAMILY, "🇯🇵", "❤\ufe0f"])
def test_no_character_is_split(cluster: str) -> None:
    for before in range(240, 256):
        kept = cut("x" * before + cluster + "y" * 300, 255)
        assert len(kept) <= 255
        assert kept.strip("xy…") in ("", cluster)


def test_flags_are_kept_in_pairs() -> None:
    assert cut("x" + FLAGS * 3 + "!", 5) == "x🇯🇵…"


def test_a_pile_of_accents_is_cut_all_the_same() -> None:
    assert len(cut("e" + "\u0301" * 1000, 255)) == 255
