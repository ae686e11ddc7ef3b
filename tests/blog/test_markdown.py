import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog_linkbacks.blog.markdown import (
    MAX_LENGTH,
    MAX_SLUG,
    front_matter,
    is_made,
    plain,
    render,
    slugify,
    summary,
)

# --- render ------------------------------------------------------------------


def test_paragraphs_and_emphasis() -> None:
    assert (
        render("Soil is *alive* and **well**.")
        == "<p>Soil is <em>alive</em> and <strong>well</strong>.</p>\n"
    )


def test_raw_html_shows_as_text() -> None:
    html = render("<script>alert(1)</script>\n\nAn <b onclick=x>inline</b> one.")
    assert "<script" not in html
    assert "<b" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "source",
    ["[x](javascript:alert(1))", "[x](vbscript:x)", "![x](data:text/html,x)", "[x](JAVASCRIPT&#58;alert(1))"],
)
def test_a_dangerous_address_makes_no_link(source: str) -> None:
    html = render(source)
    assert "href" not in html
    assert "src" not in html


def test_an_authors_links_carry_no_rel() -> None:
    assert render("[a](https://a.example/x)") == '<p><a href="https://a.example/x">a</a></p>\n'


@pytest.mark.parametrize(
    "address", ["https://a.example/i.png", "http://a.example/i.png", "/media/i.png", "i.png"]
)
def test_images_from_the_web_and_from_here_are_kept(address: str) -> None:
    html = render(f'![A bed]({address} "May")')
    assert f'src="{address}"' in html
    assert 'alt="A bed"' in html
    assert 'loading="lazy"' in html


def test_the_same_text_is_rendered_to_the_same_html_each_time() -> None:
    text = "![A bed](/i.png)\n\n| a |\n|---|\n| b |\n\n    code\n"
    assert len({render(text) for _ in range(40)}) == 1


def test_a_bare_address_stays_text() -> None:
    assert "<a" not in render("See https://a.example/ for more")


def test_tables_align_by_class_and_never_by_style() -> None:
    html = render("| a | b |\n| :-: | -: |\n| 1 | 2 |")
    assert '<th class="align-center">a</th>' in html
    assert '<td class="align-right">2</td>' in html
    assert "style" not in html


def test_strikethrough() -> None:
    assert render("~~no~~") == "<p><s>no</s></p>\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# One\n## Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("## Two\n### Three", "<h2>Two</h2>\n<h3>Three</h3>\n"),
        ("# One\n###### Six", "<h2>One</h2>\n<h6>Six</h6>\n"),
    ],
)
def test_the_first_level_of_headings_is_left_to_the_title(text: str, found: str) -> None:
    assert render(text) == found


def test_footnotes_link_there_and_back() -> None:
    html = render("Beds[^1].\n\n[^1]: Raised ones.")
    assert 'href="#fn1"' in html
    assert 'id="fn1"' in html
    assert 'href="#fnref1"' in html


def test_code_is_highlighted_with_classes() -> None:
    html = render("```python\ndef f(): return '<x>'\n```")
    assert '<pre class="highlight" tabindex="0"><code>' in html
    assert '<span class="k">def</span>' in html
    assert "&lt;x&gt;" in html


@pytest.mark.parametrize("language", ["", "nosuchlanguage", '"><script>'])
def test_code_in_no_known_language_stays_as_it_is(language: str) -> None:
    html = render(f"```{language}\na < b\n```")
    assert '<pre class="highlight" tabindex="0"><code>a &lt; b\n</code></pre>' in html
    assert "<script" not in html


@pytest.mark.parametrize("source", ["    indented", "| a |\n| - |\n| 1 |"])
def test_what_may_scroll_sideways_can_be_reached_by_keyboard(source: str) -> None:
    assert 'tabindex="0"' in render(source)


def test_code_keeps_its_first_blank_line() -> None:
    assert "<code>\n" in render("```text\n\nx\n```")


def test_a_text_past_the_limit_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="300,001 characters"):
        render("x" * (MAX_LENGTH + 1))


@pytest.mark.parametrize("mark", ["*", "~~", "_"])
def test_bottomless_nesting_is_refused_in_words(mark: str) -> None:
    with pytest.raises(ValueError, match="nested"):
        render(f"{mark}a " * 500 + f"a{mark} " * 500)


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "> ", "- ", "^[", "<a ", "*a ", "`", "[^a]: x\n"])
def test_hostile_repetition_is_rendered_in_bounded_time(piece: str) -> None:
    started = time.monotonic()
    render(piece * (20_000 // len(piece)))
    assert time.monotonic() - started < 5


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>[]()!*_~`#|-:/ \n\"'&;=ajx^"), max_size=120))
def test_nothing_gets_a_script_or_a_handler_through(source: str) -> None:
    html = render(source).lower()
    assert "<script" not in html
    assert "<iframe" not in html
    assert 'href="javascript' not in html


# --- plain and summary ----------------------------------------------------------


def test_plain_is_what_a_reader_sees() -> None:
    assert plain("<h2>Soil</h2><p>A &amp; b<br>c <em>d</em>e</p><style>x{}</style>") == "Soil A & b c de"


def test_plain_leaves_out_the_marks_of_footnotes() -> None:
    assert plain(render("Beds[^1] rest.\n\n[^1]: Raised.")) == "Beds rest. Raised."


def test_plain_survives_broken_markup() -> None:
    assert plain("<p>a</b></sup> <b>c<!-- d <i>").startswith("a c")


def test_a_short_text_is_its_own_summary() -> None:
    assert summary("<p>Short.</p>") == "Short."


TOLD = """# Beds

```python
x = 1
```

| a | b |
|---|---|
| 1 | 2 |

It began[^1] with a `spade`.

## And then

- worms

[^1]: In March.
"""


def test_a_summary_tells_the_text_without_headings_code_tables_and_footnotes() -> None:
    assert summary(render(TOLD)) == "It began with a spade. worms"


@pytest.mark.parametrize(("text", "found"), [("# Beds", "Beds"), ("```\nx = 1\n```", "x = 1"), ("", "")])
def test_where_there_is_nothing_else_a_summary_has_those(text: str, found: str) -> None:
    assert summary(render(text)) == found


def test_a_summary_that_was_made_is_known_again() -> None:
    html = render(TOLD)
    assert is_made(summary(html), html)
    assert is_made("Beds x = 1 a b 1 2 It began with a spade. And then worms In March.", html)
    assert not is_made("It began.", html)


def test_a_summary_ends_between_words() -> None:
    text = summary("<p>" + "word " * 100 + "</p>", limit=22)
    assert text == "word word word word…"


def test_a_summary_of_a_language_without_spaces_fits_too() -> None:
    assert summary("<p>" + "土" * 50 + "</p>", limit=10) == "土" * 9 + "…"


@given(st.text(max_size=300), st.integers(min_value=2, max_value=80))
def test_a_summary_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(summary(text, limit)) <= limit


# --- front matter ------------------------------------------------------------


def test_front_matter_and_body_come_apart() -> None:
    values, body = front_matter(
        "---\ntitle: Beds\ntags: [soil, beds]\naccept_linkbacks: false\n---\n\n# Body\n"
    )
    assert values == {"title": "Beds", "tags": ["soil", "beds"], "accept_linkbacks": False}
    assert body == "# Body\n"


@pytest.mark.parametrize("text", ["\ufeff---\r\ntitle: A\r\n---\r\nx", "---  \ntitle: A\n...\nx"])
def test_marks_of_other_systems_do_no_harm(text: str) -> None:
    assert front_matter(text) == ({"title": "A"}, "x")


def test_a_text_without_front_matter_is_all_body() -> None:
    assert front_matter("Just text\n---\nmore") == ({}, "Just text\n---\nmore")


def test_an_empty_head_is_empty() -> None:
    assert front_matter("---\n---\nx") == ({}, "x")


def test_a_dashed_line_inside_a_value_does_not_end_the_head() -> None:
    assert front_matter("---\ntitle: a --- b\n---\nx") == ({"title": "a --- b"}, "x")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("---\ntitle: x\n", "no line of --- ends it"),
        ("---\ntitle: [x\n---\n", "line 3"),
        ("---\ntitle: a: b\n---\n", "line 2"),
        ("---\n- a\n---\n", "not a list of names"),
        ("---\n1: a\n---\n", "not a list of names"),
        ("---\ndate: 2026-13-45\n---\n", "month must be"),
        ("---\nx: !!python/object:os.system a\n---\n", "could not determine a constructor"),
        ("---\nx: " + "[" * 9000 + "\n---\n", "not valid YAML"),
        ("---\nx: " + "a" * 30_000 + "\n---\n", "longer than"),
        ("---\nx: a\x00b\n---\n", "not valid YAML"),
    ],
)
def test_broken_front_matter_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        front_matter(text)


# --- slugify -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("No-dig beds, three years on", "no-dig-beds-three-years-on"),
        ("Don’t panic!", "dont-panic"),
        ("Ünïcödé & Straße", "unicode-strasse"),
        ("Łódź Ærø", "lodz-aero"),
        ("ﬁne ½", "fine-½"),
        ("土の話 2", "土の話-2"),
        ("Йога", "йога"),
        ("नमस्ते दुनिया", "नमस्ते-दुनिया"),
        ("../../etc/passwd", "etc-passwd"),
        ("   ", "post"),
        ("🌱🌱", "post"),
        ("a_b", "a-b"),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_a_long_slug_is_cut_between_words() -> None:
    slug = slugify("word " * 40)
    assert len(slug) <= MAX_SLUG
    assert slug.endswith("word")


def test_a_long_slug_of_one_word_is_cut_too() -> None:
    assert slugify("土" * 200) == "土" * MAX_SLUG


@given(st.text(max_size=200))
def test_a_slug_is_a_fixed_point_and_one_piece_of_a_path(title: str) -> None:
    slug = slugify(title)
    assert slug
    assert not set(slug) & set("/?#%&. \t\n\\<>\"'")
    assert slugify(slug) == slug
