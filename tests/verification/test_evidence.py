"""What is known of a link once it is found."""

import hashlib

import pytest

from blog_linkbacks.verification import find_links
from blog_linkbacks.vocabulary import Kind, Outcome, Placement, Response
from tests.verification.pages import PAGE, POST, look

A = f'<a href="{POST}">the post</a>'


@pytest.mark.parametrize(
    ("markup", "before", "link", "after"),
    [
        (f"<p>One. I read {A} today. Three.</p>", "I read ", "the post", " today."),
        (f"<p>I read {A}, e.g. this part. Next.", "I read ", "the post", ", e.g. this part."),
        (f"<p>Before.</p><p>{A}</p><p>After.</p>", "", "the post", ""),
        (f"<p>He said: “Stop!” {A} answers.</p>", "He said: “Stop!” ", "the post", " answers."),
        (f"<p>a <b>bold</b>\n\n  word {A}!</p>", "a bold word ", "the post", "!"),
        (f'<p>前の文。これは<a href="{POST}">記事</a>です。次の文。', "これは", "記事", "です。"),
        (f'<p>جملة. قرأت <a href="{POST}">هذا</a> اليوم؟ نعم.', "قرأت ", "هذا", " اليوم؟"),
        (f'<p>See<a href="{POST}"> it </a>now.', "See ", "it", " now."),
        (f'<a href="{POST}"><h2>Head</h2><p>Text</p></a>', "", "Head Text", ""),
        (f'<p>Look: <a href="{POST}"><img src=x alt="A cat"></a> there.', "Look: ", "A cat", " there."),
        (f"<p>one<br><br>two {A}<br><br>three", "two ", "the post", ""),
        (f"<p>So do I. Dr. A. Smith reads {A} (p. 3). End.", "Dr. A. Smith reads ", "the post", " (p. 3)."),
        (f"<p>Mrs. Fox v. Hare, No. 5, is in {A}! Next.", "Mrs. Fox v. Hare, No. 5, is in ", "the post", "!"),
        (f'<p>See <a href="{POST}"> it </a> now.', "See ", "it", " now."),
        (f"<p>\u202eevil\x07 {A}", "evil ", "the post", ""),
    ],
)
def test_sentence(markup: str, before: str, link: str, after: str) -> None:
    sentence = look(markup).sentence
    assert (sentence.before, sentence.link, sentence.after) == (before, link, after)


@pytest.mark.parametrize("filler", ["word ", "長い文字", "слово ", "x" * 400 + " ", "e\u0301e\u0301 "])
def test_sentence_is_short_and_cut_between_words(filler: str) -> None:
    sentence = look(f"<p>{filler * 200}{A} {filler * 200}</p>").sentence
    assert sentence.link == "the post"
    assert len(f"{sentence.before}{sentence.link}{sentence.after}") <= 280
    if filler == "word ":
        assert set(sentence.text.replace("…", " ").split()) == {"word", "the", "post"}


def test_sentence_of_a_bare_picture_is_the_nearest_text() -> None:
    seen = look(f'<p>A walk by the sea.</p><p><a href="{POST}"><img src="x.png"></a></p>')
    assert seen.sentence.text == "A walk by the sea."


@pytest.mark.parametrize(
    ("markup", "placement"),
    [
        (f"<article><p>{A}</p></article>", Placement.ARTICLE),
        (f'<div class="hentry">{A}</div>', Placement.ARTICLE),
        (f"<p>{A}</p>", Placement.PAGE),
        (f'<ol class="comment-list"><li><article>{A}</article></ol>', Placement.COMMENT),
        (f'<article><div id="comments">{A}</div></article>', Placement.COMMENT),
        (f"<aside>{A}</aside>", Placement.SIDEBAR),
        (f'<div id="left-sidebar">{A}</div>', Placement.SIDEBAR),
        (f'<div class="blogroll">{A}</div>', Placement.SIDEBAR),
        (f"<nav>{A}</nav>", Placement.NAVIGATION),
        (f'<ul role="navigation">{A}</ul>', Placement.NAVIGATION),
        (f"<footer>{A}</footer>", Placement.FOOTER),
        (f'<div class="site-footer">{A}</div>', Placement.FOOTER),
        (f'<body class="has-sidebar"><div class="with-sidebar"><p>{A}', Placement.PAGE),
        (f"<footer>{A}</footer><article>{A}</article>", Placement.ARTICLE),
        (f'<nav>{A}</nav><p style="display:none">{A}</p>', Placement.NAVIGATION),
    ],
)
def test_placement_is_the_best_one(markup: str, placement: Placement) -> None:
    assert look(markup).placement is placement


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (f'<div style="display:none">{A}</div>', "display: none"),
        (f'<div style="DISPLAY : NONE !important">{A}</div>', "display: none"),
        (f'<div style="visibility:hidden">{A}</div>', "visibility: hidden"),
        (f'<p style="opacity:0">{A}', "opacity: 0"),
        (f'<p style="font-size:0">{A}', "font-size: 0"),
        (f'<p style="position:absolute;left:-9999px">{A}', "off the screen"),
        (f'<p style="text-indent:-9999px">{A}', "off the screen"),
        (f"<p hidden>{A}", "attribute hidden"),
        (f'<p style="color:#fff;background:white">{A}', "colour of its background"),
        (f'<p style="overflow:hidden;height:0">{A}', "overflow: hidden"),
        (f"<style>.k{{display:none}}</style><p class=k>{A}", "display: none"),
        (f"<style>/* .a{{}} */ .a, div.k {{ display : none }}</style><div class=k>{A}", "display: none"),
        (f"<style>#k{{position:absolute;top:-900em}}</style><div id=k>{A}", "off the screen"),
        (f'<a style="display:none" href="{POST}">x</a>', "on the link itself"),
        (f"<style>div.a p.k, .b {{ display:none }}</style><div class=a><p class=k>{A}", "display: none"),
        (
            f"<style>.k, .k a {{ color:#fff }} body {{ background:#fff }}</style><p class=k>{A}",
            "colour of its",
        ),
        (f"<style>.k {{ transform: scale( 0 ) }}</style><p class=k>{A}", "transform: scale"),
    ],
)
def test_hidden_links_say_what_hides_them(markup: str, words: str) -> None:
    seen = look(markup)
    assert seen.placement is Placement.HIDDEN
    assert words in seen.hidden_by


@pytest.mark.parametrize(
    "markup",
    [
        f'<p style="display:block;color:#fff;background:#000">{A}',
        f"<style>@media print {{ .k {{ display:none }} }}</style><p class=k>{A}",
        f'<p style="opacity:0.9;font-size:0.8em;left:-4px">{A}',
        f"<style>.k .l {{ display:none }}</style><p class=k>{A}",
        f'<p style="overflow:hidden;width:100%">{A}',
        f"<style>.k {{ opacity:0; animation: fade 1s forwards }}</style><p class=k>{A}",
        f"<style>body > main {{ visibility:hidden }}</style><main><p>{'Bread and butter. ' * 40}{A}</main>",
        f"<style>a:hover {{ display:none }} ]] {{ display:none }}</style><p class=k>{A}",
    ],
)
def test_visible_links_have_nothing_that_hides_them(markup: str) -> None:
    assert look(markup).hidden_by == ""


def test_counts_words_links_and_sites() -> None:
    others = '<a href="https://a.example/1">one</a> <a href="https://www.b.example/">two</a>'
    ours = A.replace("<a", '<a rel="nofollow UGC"')
    seen = look(f'<p>Four words before it {ours}</p><p>{others} {others} <a href="/own">own</a></p>')
    assert (seen.rel, seen.anchor) == (("nofollow", "ugc"), "the post")
    assert (seen.block_words, seen.page_words) == (6, 11)
    assert (seen.outgoing_links, seen.outgoing_sites) == (3, 3)
    assert seen.anchors == ("the post", "one", "two", "one", "two")


def test_main_text_leaves_navigation_scripts_and_hidden_text_out() -> None:
    seen = look(f"<nav>Menu</nav><script>s</script><p>Text {A}</p><p hidden>secret</p><footer>F</footer>")
    assert seen.text == "Text the post"


def test_lengths_are_bounded() -> None:
    seen = look(
        f"<title>{'t ' * 5000}</title><p>{A} {'word ' * 50_000}</p>"
        + f'<a href="https://x.example/{"y" * 9}">{"z " * 300}</a>' * 300
    )
    assert len(seen.title) <= 300
    assert len(seen.excerpt) <= 1000
    assert len(seen.text) <= 20_000
    assert len(seen.anchors) == 200
    assert max(map(len, seen.anchors)) <= 100


def test_size_and_hash_are_of_the_bytes() -> None:
    seen = look(b"<p>x")
    assert (seen.size, seen.content_hash) == (4, hashlib.sha256(b"<p>x").hexdigest())


HEAD = """<html lang="en-GB"><title>Page &amp; title</title><meta name="author" content="Ann">
<meta property="og:site_name" content="The Site">"""
ENTRY = f"""<div class="h-entry"><h1 class="p-name">Entry name</h1><p class="p-summary">In short.</p>
<div class="p-author h-card"><img class="u-photo" src="/ann.png" alt="">
<a class="p-name u-url" href="/ann">Ann Author</a></div>
<time class="dt-published" datetime="2026-11-01">then</time><div class="e-content">Well, {A}</div></div>"""


def test_lifts_from_the_head() -> None:
    seen = look(f"{HEAD}<p>Words and {A}.</p>")
    assert (seen.title, seen.site_name, seen.author, seen.language) == (
        "Page & title",
        "The Site",
        "Ann",
        "en-GB",
    )
    assert seen.excerpt == "Words and the post."
    assert seen.response is Response.MENTION


def test_lifts_from_the_h_entry_with_the_link() -> None:
    seen = look(f"{HEAD}<div class=h-entry><p class=p-name>Another</p></div>{ENTRY}")
    assert (seen.title, seen.author, seen.author_url) == (
        "Entry name",
        "Ann Author",
        "https://source.example/ann",
    )
    assert (seen.author_photo, seen.published) == ("https://source.example/ann.png", "2026-11-01")
    assert seen.excerpt == "In short."


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("u-in-reply-to", Response.REPLY),
        ("u-like-of", Response.LIKE),
        ("u-repost-of", Response.REPOST),
        ("u-bookmark-of", Response.BOOKMARK),
        ("u-url", Response.MENTION),
    ],
)
def test_kind_of_response(name: str, response: Response) -> None:
    seen = look(
        f'<div class="h-entry"><a class="{name}" href="{POST}">x</a><p class="e-content">Yes!</p></div>'
    )
    assert seen.response is response


def test_response_cited_with_h_cite() -> None:
    cite = f'<div class="u-in-reply-to h-cite"><a class="u-url p-name" href="{POST}">x</a></div>'
    assert look(f'<div class="h-entry">{cite}<p class="e-content">Yes!</p></div>').response is Response.REPLY


def test_response_to_another_post_is_a_mention() -> None:
    reply = '<a class="u-in-reply-to" href="https://else.example/">x</a>'
    assert look(f'<div class="h-entry">{reply} {A}</div>').response is Response.MENTION


@pytest.mark.parametrize(
    "byline",
    [
        '<a class="u-author" href="/mina">Mina Park</a>',
        '<a rel="nofollow author" href="/mina">Mina Park</a>',
        '<a rel="author" href="/mina">Mina Park</a><a rel="author" href="/mina">about me</a>',
        '<span class="author vcard"><a class="fn url" href="/mina">Mina Park</a></span>',
    ],
)
def test_author_of_an_entry_in_older_or_looser_markup(byline: str) -> None:
    entry = f'<div class="hentry h-entry">{byline}<p class="entry-content"><a href="{POST}">x</a></p></div>'
    if "vcard" in byline:
        entry = entry.replace(" h-entry", "")
    seen = look(entry)
    assert (seen.author, seen.author_url) == ("Mina Park", "https://source.example/mina")


@pytest.mark.parametrize(
    "byline",
    [
        '<a rel="author" href="/mina">Mina</a><a rel="author" href="/noa">Noa</a>',
        '<a rel="author" href="javascript:x">Mina</a>',
        '<a rel="author" href="/mina"> </a>',
    ],
)
def test_an_unclear_byline_names_nobody(byline: str) -> None:
    assert look(f'{byline}<a href="{POST}">x</a>').author == ""


def test_author_urls_are_web_urls_only() -> None:
    card = '<a class="p-author h-card" href="javascript:alert(1)">Eve</a>'
    seen = look(f'<div class="h-entry">{card} {A}</div>')
    assert (seen.author, seen.author_url) == ("Eve", "")


def test_deep_and_large_entries_do_no_harm() -> None:
    nested = '<div class="h-entry">' + '<div class="e-a p-name">' * 400 + "text " * 15_000 + A
    assert look(nested).outcome is Outcome.LINKED
    assert look('<div class="h-entry">' + "<div>" * 500 + A).anchor == "the post"
    assert look('<div class="h-entry">' + "<p>x" * 100_000 + A).anchor == "the post"


def test_finds_the_links_of_a_document_in_order() -> None:
    found = find_links(
        '<p>See <a href="/one">1</a>. Then <a rel=me href="https://b.example/">2</a>.<a href="mailto:x">',
        PAGE,
    )
    assert [(link.url, link.text, link.rel) for link in found] == [
        ("https://source.example/one", "1", ()),
        ("https://b.example/", "2", ("me",)),
    ]
    assert [link.sentence.text for link in found] == ["See 1.", "Then 2."]


def test_plain_text_gives_a_sentence() -> None:
    seen = look(
        f"Hello.\n\nI read {POST}\nand liked it. Bye.", content_type="text/plain", kind=Kind.WEBMENTION
    )
    assert seen.sentence.text == f"I read {POST} and liked it."


def test_words_outside_links_count_only_in_lines_that_have_several() -> None:
    prose = "<p>Six plain words stand here today.</p>"
    links = f"<ul><li>{A}</li><li>More: <a href='https://b.example/'>another long link text of many words</a></li></ul>"
    assert look(prose + links).prose_words == 6
    assert look(f"<p>I have read {A} twice now.</p>").prose_words == 5
    assert look(f"<nav><p>Six plain words stand here today.</p></nav>{A}").prose_words == 0
    assert look(f"<p>これは日本語の文章であるから長い{A}</p>").prose_words == 8


def test_other_links_in_the_same_block() -> None:
    other = "<a href='https://b.example/'>b</a>"
    assert look(f"<p>{A}, {other} and {other}</p><p>{other}</p>").block_links == 2
    assert look(f"<p>{A}</p><p>{other}</p>").block_links == 0


def test_links_within_the_site_are_kept_apart() -> None:
    seen = look(f"{A} <a href='/shop'>cheap shoes</a> <a href='https://b.example/'>bread</a>")
    assert seen.own_anchors == ("cheap shoes",)
    assert seen.anchors == ("the post", "bread")


def test_links_in_the_text_that_lead_elsewhere() -> None:
    seen = look(
        f"<nav><a href='https://menu.example/'>menu</a></nav><p>{A} <a href='/own'>own</a> "
        "<a href='https://mill.example/rye'>the mill</a></p><footer><a href='https://foot.example/'>foot</a></footer>"
    )
    assert seen.text_links == (("the mill", "https://mill.example/rye"),)
    many = "".join(f"<a href='https://b{n}.example/'>b</a> " for n in range(500))
    assert len(look(f"<p>{A} {many}</p>").text_links) == 40


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="author p-author h-card"><img src="a.jpg"><span class="p-name">Mina Park</span></div>',
        'Posted by <span class="author vcard"><span class="fn">Mina Park</span></span>',
        '<p itemprop="author" itemscope>by <b itemprop="name">Mina Park</b></p>',
    ],
)
def test_an_author_who_is_named_beside_the_text(signature: str) -> None:
    assert look(f"<p>{A}</p>{signature}").author == "Mina Park"
    other = '<p class="vcard"><span class="fn">Noa</span></p>'
    assert look(f"<p>{A}</p>{signature}{other}").author == ""


def test_the_moment_of_the_articles_time_element() -> None:
    moment = '<time datetime="2026-03-01">1 March</time>'
    assert look(f"<article>{moment}{A}</article>").published == "2026-03-01"
    assert look(f"{moment}<p>{A}</p>").published == "2026-03-01"
    assert look(f"{moment}{moment}<p>{A}</p>").published == ""


def test_the_words_for_search_engines() -> None:
    seen = look(f'<meta name="keywords" content="bread, rye flour;oven、, ">{A}')
    assert seen.keywords == ("bread", "rye flour", "oven")
    assert len(look(f'<meta name="keywords" content="{"a," * 5000}">{A}').keywords) == 40
    assert look(A).keywords == ()


def test_whether_the_link_stands_in_an_entry() -> None:
    assert look(f'<div class="h-entry"><p class="e-content">{A}</p></div>').entry
    assert not look(f"<div>{A}</div>").entry


@pytest.mark.parametrize(
    ("heading", "placement"),
    [
        ("3 thoughts on “A walk”", Placement.COMMENT),
        ("One response to A walk", Placement.COMMENT),
        ("2 Kommentare zu Ein Gang", Placement.COMMENT),
        ("3 comments", Placement.PAGE),
        ("My thoughts on walking", Placement.PAGE),
    ],
)
def test_a_link_below_the_heading_of_the_comments_is_a_comment(heading: str, placement: Placement) -> None:
    assert look(f"<p>A walk.</p><h3>{heading}</h3><div>Jo says: see {A}</div>").placement is placement
    assert look(f"<p>A walk, see {A}.</p><h3>{heading}</h3>").placement is Placement.PAGE
