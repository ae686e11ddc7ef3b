"""The three endpoints: bytes to a translator, a Claim to intake, the answer back to bytes."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blog_linkbacks import intake, limits, tasks, web
from blog_linkbacks.blog import lookup, openness
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback, shown_on
from blog_linkbacks.protocols import pingback, trackback, webmention
from blog_linkbacks.protocols.rpc import Call, Fault, Value, parse_call, render_fault, render_value
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused, Status

PROMPT_SECONDS = 5.0
_DRAINED = 8_000_000
_CLOSED = "This blog takes no webmentions."

blueprint = Blueprint("protocols", __name__)
web.csrf.exempt(blueprint)


@blueprint.post("/xmlrpc", strict_slashes=False)
@limits.intake
def xmlrpc() -> ResponseReturnValue:
    """Pingback 1.0: HTTP 200 with a value or a fault for whatever is posted (PB 3)."""
    call = parse_call(_body(pingback.MAX_BODY), request.content_type or "")
    return _xml(_value_or_fault(call if isinstance(call, Fault) else _answer(call)))


@blueprint.get("/posts/<slug>/trackback", strict_slashes=False)
def trackback_page(slug: str) -> ResponseReturnValue:
    """A person who opens the ping URL is led to the post; nothing is registered."""
    post = lookup.by_slug(slug)
    if post is None or not post.published:
        abort(404)
    return redirect(lookup.post_url(post), 303)


@blueprint.post("/posts/<slug>/trackback", strict_slashes=False)
@limits.intake
def trackback_ping(slug: str) -> ResponseReturnValue:
    """TrackBack 1.2: always the XML answer, `error` 0 or 1 with a sentence (TB, Sending)."""
    form = trackback.parse_ping(_body(trackback.MAX_BODY), request.content_type or "")
    target = web.absolute(lookup.post_path(slug))
    claim = form if isinstance(form, Refused) else trackback.to_claim(form, target, **_sender())
    refused = claim if isinstance(claim, Refused) else _take_promptly(claim)
    return _xml(trackback.render_error(trackback.error_for(refused)) if refused else trackback.render_ok())


@blueprint.get("/webmention", strict_slashes=False)
def webmention_form() -> ResponseReturnValue:
    """The endpoint for a person: a form for one linking page, or why there is none for that post."""
    target = request.args.get("target", "")
    post = lookup.locate(target) if target else None
    if isinstance(post, Post):
        closed = openness.refusal(post, Kind.WEBMENTION)
    else:
        closed = None if Kind.WEBMENTION in site().kinds else Refused(Refusal.TARGET_CLOSED, _CLOSED)
    if closed:
        return render_template("protocols/answer.html", message=closed.message, location="", again=False)
    return render_template("protocols/webmention.html", target=target)


@blueprint.post("/webmention", strict_slashes=False)
@limits.intake
def webmention_receive() -> ResponseReturnValue:
    """Webmention: 400 with a reason, else 201 with a status page; the source is looked at later (WM 3.2)."""
    body = _body(webmention.MAX_BODY)
    claim = webmention.parse_request(body, request.content_type or "", **_sender())
    answer = claim if isinstance(claim, Refused) else intake.receive(claim)
    if isinstance(answer, Refused):
        return _webmention(answer, webmention.status_for(answer))
    if answer.check:
        tasks.check_soon(answer.linkback_id)
    return _webmention(answer, webmention.CREATED, web.absolute_for("protocols.status", token=answer.token))


@blueprint.get("/webmention/<token>")
def status(token: str) -> ResponseReturnValue:
    """What became of a webmention, for its sender: no login, nothing private."""
    linkback = db.session.scalar(select(Linkback).where(Linkback.token == token))
    if linkback is None:
        abort(404)
    missed = linkback.status in (Status.RECEIVED, Status.UNVERIFIED, Status.GONE)
    return render_template(
        "protocols/status.html",
        linkback=linkback,
        post_url=lookup.post_url(linkback.post),
        verified=linkback.checked_at is not None and not missed,
        decided=not missed,
        why=linkback.reason if linkback.status == Status.UNVERIFIED else "",
        shown=linkback.status == Status.APPROVED,
        waits=linkback.status == Status.PENDING,
    )


@blueprint.errorhandler(429)
def too_many(_error: Exception) -> ResponseReturnValue:
    """The rate limit in each protocol's manner; Retry-After is added by the limiter."""
    refused = Refused(Refusal.RATE_LIMITED)
    if request.endpoint == "protocols.xmlrpc":
        return _xml(render_fault(pingback.fault_for(refused)), 429)
    if request.endpoint == "protocols.trackback_ping":
        return _xml(trackback.render_error(trackback.error_for(refused)), 429)
    return _webmention(refused, 429)


def _answer(call: Call) -> Value | Fault:
    introspection = pingback.answer_introspection(call)
    if introspection is not None:
        return introspection
    if call.method == pingback.GET_PINGBACKS:
        return _pingbacks(call)
    claim = pingback.to_claim(call, **_sender())
    if isinstance(claim, Fault):
        return claim
    refused = _take_promptly(claim)
    return pingback.fault_for(refused) if refused else pingback.success(claim.source_url, claim.target_url)


def _pingbacks(call: Call) -> Value | Fault:
    target = pingback.asked_target(call)
    if isinstance(target, Fault):
        return target
    post = lookup.locate(target)
    if isinstance(post, Refusal):
        return pingback.fault_for(Refused(post))
    return [linkback.source_url for linkback in db.session.scalars(shown_on(post.id).limit(1000))]


def _take_promptly(claim: Claim) -> Refused | None:
    """Keep the claim; a source that answers promptly gets its exact answer (DESIGN decision 3)."""
    taken = intake.receive(claim)
    if isinstance(taken, Receipt):
        return tasks.check_now(taken.linkback_id, PROMPT_SECONDS) if taken.check else None
    return taken


def _body(most: int) -> bytes:
    """The request's body, one byte more than `most` where it is longer: the translator says so in its own words."""
    request.max_content_length = 1 << 40  # past ours Flask would answer 413 with a page of its own
    body = _read(most + 1)
    # A client hears no answer before it has sent all.
    left = _DRAINED if len(body) > most else 0
    while left > 0 and (chunk := _read(65_536)):
        left -= len(chunk)
    return body


def _read(most: int) -> bytes:
    """The next of the body; nothing where its transfer is garbled, and the translator says what it misses."""
    try:
        return request.stream.read(most)
    except Exception:  # each server has exceptions of its own for it
        return b""


def _sender() -> dict[str, str]:
    headers = request.headers
    return {
        "sender_ip": web.sender_address(),
        "user_agent": headers.get("User-Agent", ""),
        "referrer": headers.get("Referer", ""),
    }


def _value_or_fault(answer: Value | Fault) -> bytes:
    return render_fault(answer) if isinstance(answer, Fault) else render_value(answer)


def _xml(body: bytes, code: int = 200) -> Response:
    return Response(body, code, content_type=trackback.CONTENT_TYPE)


def _webmention(answer: Receipt | Refused, code: int, location: str = "") -> Response:
    accept, headers = request.headers.get("Accept", ""), {"Location": location} if location else {}
    if webmention.prefers_html(accept):
        page = render_template(
            "protocols/answer.html", message=webmention.sentence(answer), location=location
        )
        return Response(page, code, headers)
    body, content_type = webmention.render(answer, accept, location)
    return Response(body, code, headers, content_type=content_type)
