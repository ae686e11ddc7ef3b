"""What the pages take that a text links to, asked all at once: for a browser that runs no scripts."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from flask import copy_current_request_context

from blog_linkbacks.blog import outlinks
from blog_linkbacks.blog.outlinks import Outlinks
from blog_linkbacks.sending.preflight import Forecast

SECONDS = 20
_AT_ONCE = 4


def checked(links: Outlinks) -> Outlinks:
    """The same links with what their pages answered; those that did not within 20 seconds stay unasked."""
    answers = _answers([link.url for link in links.shown if link.badge.ask])
    return replace(
        links, shown=[replace(link, badge=answers.get(link.url, link.badge)) for link in links.shown]
    )


def _answers(wanted: Sequence[str]) -> Mapping[str, Forecast]:
    pool = ThreadPoolExecutor(_AT_ONCE)
    asked = {pool.submit(copy_current_request_context(outlinks.ask), url): url for url in wanted}
    done, _ = wait(asked, timeout=SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    return {asked[answer]: answer.result() for answer in done}
