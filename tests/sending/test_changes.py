"""Who is told again when a post changes (WM 3.1.4, 3.1.5)."""

from blog_linkbacks.sending import delivery, ledger
from tests.sending.changes import story
from tests.sending.world import SOURCE, Blogger, fault, fixed, in_turn, pinged, receiver, returns
from tests.support.web import Answer, Web


def _told(web: Web, endpoint: str = "/wm") -> list[str]:
    return [sent.form["target"].rpartition("/")[2] for sent in web.seen(endpoint)]


def _pages(web: Web, *names: str) -> list[str]:
    return [receiver(web, fixed("", 202), path=f"/{name}") for name in names]


def test_publishing_again_unchanged_sends_nothing(blogger: Blogger, web: Web) -> None:
    pages = _pages(web, "a", "b")
    blogger.write(*pages)
    blogger.write(*pages)
    assert _told(web) == ["a", "b"]
    assert len(blogger.rows()) == 2


def test_a_changed_text_tells_kept_removed_and_new_targets(blogger: Blogger, web: Web) -> None:
    kept, removed, new = _pages(web, "kept", "removed", "new")
    blogger.write(kept, removed)
    web.requests.clear()
    blogger.write(kept, new, words="See")
    assert sorted(_told(web)) == ["kept", "new", "removed"]
    assert {row.target_url: row.linked for row in blogger.rows()}[removed] is False


def test_a_removed_link_is_told_once(blogger: Blogger, web: Web) -> None:
    kept, removed = _pages(web, "kept", "removed")
    blogger.write(kept, removed)
    blogger.write(kept)
    web.requests.clear()
    blogger.write(kept, words="Other")
    assert _told(web) == ["kept"]


def test_a_link_that_comes_back_is_told(blogger: Blogger, web: Web) -> None:
    (page,) = _pages(web, "page")
    blogger.write(page)
    blogger.write()
    blogger.write(page)
    assert _told(web) == ["page"] * 3
    assert blogger.rows()[-1].linked


def test_pingback_is_told_once_only(blogger: Blogger, web: Web) -> None:
    page = pinged(web, returns("Ok"))
    blogger.write(page)
    blogger.write(page, words="Changed")
    blogger.write(words="Gone")
    blogger.unpublish()
    assert len(web.seen("/rpc")) == 1
    assert blogger.states() == ["delivered"]


def test_a_fault_is_not_provoked_again_by_an_edit(blogger: Blogger, web: Web) -> None:
    page = pinged(web, fault(33))
    blogger.write(page)
    blogger.write(page, words="Changed")
    assert len(web.seen("/rpc")) == 1


def test_a_target_told_by_webmention_gets_no_pingback_for_an_update(blogger: Blogger, web: Web) -> None:
    (page,) = _pages(web, "page")
    blogger.write(page)
    pinged(web, returns("Ok"), "/page")
    blogger.write(page, words="Changed")
    assert web.seen("/rpc") == []
    assert blogger.states() == ["delivered", "no_endpoint"]


def test_the_endpoint_is_discovered_anew(blogger: Blogger, web: Web) -> None:
    page = receiver(web, fixed("", 202))
    blogger.write(page)
    receiver(web, fixed("", 202), endpoint="/moved")
    blogger.write(page, words="Changed")
    assert (len(web.seen("/wm")), len(web.seen("/moved"))) == (1, 1)


def test_a_deleted_post_tells_all_it_told_before(blogger: Blogger, web: Web) -> None:
    pages = _pages(web, "a", "b")
    blogger.write(*pages)
    web.requests.clear()
    blogger.delete()
    assert sorted(_told(web)) == ["a", "b"]
    assert {sent.form["source"] for sent in web.seen("/wm")} == {SOURCE}


def test_unpublishing_and_then_deleting_are_both_news(blogger: Blogger, web: Web) -> None:
    blogger.write(*_pages(web, "a"))
    blogger.unpublish()
    blogger.unpublish()
    blogger.delete()
    blogger.delete()
    assert _told(web) == ["a"] * 3


def test_publishing_again_after_unpublishing_tells(blogger: Blogger, web: Web) -> None:
    pages = _pages(web, "a")
    blogger.write(*pages)
    blogger.unpublish()
    blogger.write(*pages)
    assert _told(web) == ["a"] * 3


def test_a_link_taken_out_before_it_was_told_is_dropped(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, in_turn(Answer("", 500))))
    blogger.write()
    blogger.again()
    assert blogger.states() == ["cancelled"]
    assert len(web.seen("/wm")) == 1


def test_a_change_while_waiting_makes_no_second_row(blogger: Blogger, web: Web) -> None:
    page = receiver(web, in_turn(Answer("", 500), Answer("", 202)))
    blogger.write(page)
    blogger.write(page, words="Changed")
    assert blogger.states() == ["delivered"]


def test_a_target_the_author_leaves_out_stays_untold(blogger: Blogger, web: Web) -> None:
    (page,) = _pages(web, "page")
    with blogger.app.app_context():
        from blog_linkbacks.blog import posts

        draft = posts.Draft("Soil", f"[this]({page})", slug="soil")
        assert delivery.plan(posts.save(draft, publish=True, skip=[page]).id) == []
    blogger.write(page, words="Changed")
    assert (blogger.states(), web.requests) == (["cancelled"], [])
    with blogger.app.app_context():
        delivery.process(ledger.resend(blogger.row().id).id)
    assert _told(web) == ["page"]


def test_a_new_slug_keeps_the_name_that_receivers_know(blogger: Blogger, web: Web) -> None:
    from blog_linkbacks.blog import posts

    (page,) = _pages(web, "page")
    post_id = blogger.write(page)
    with blogger.app.app_context():
        posts.save(posts.Draft("Soil", f"Now [this]({page})", slug="earth"), post_id=post_id, publish=True)
        for delivery_id in delivery.plan(post_id):
            delivery.process(delivery_id)
    assert [sent.form["source"] for sent in web.seen("/wm")] == [SOURCE, SOURCE]


def test_the_whole_story_of_a_post(blogger: Blogger, web: Web) -> None:
    first = [("webmention", "soil", name) for name in ("kept", "removed")]
    later = [("webmention", "soil", name) for name in ("kept", "new")]
    assert story(blogger, web) == {
        "publish": [("pingback", "soil", "pinged"), *first],
        "publish again, unchanged": [],
        "edit the text": first,
        "remove a link": first,
        "add a link": later,
        "new slug and text": later,
        "unpublish": later,
        "publish once more": later,
        "delete": later,
        "delete again": [],
    }
