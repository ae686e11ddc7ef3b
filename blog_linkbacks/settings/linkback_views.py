"""Which linkbacks the posts take, with what each switch does to those that are there, and a test ping; for admins."""

from dataclasses import asdict, replace

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.blog import openness
from blog_linkbacks.settings import ping, preferences
from blog_linkbacks.settings.blueprint import blueprint
from blog_linkbacks.settings.forms import LinkbacksForm, PingForm
from blog_linkbacks.settings.ping import Answer
from blog_linkbacks.settings.preferences import Site
from blog_linkbacks.vocabulary import Kind


@blueprint.get("/linkbacks")
@web.needs()
def linkbacks() -> ResponseReturnValue:
    return _page(LinkbacksForm(None, data=asdict(preferences.site())))


@blueprint.post("/linkbacks")
@web.needs()
def save_linkbacks() -> ResponseReturnValue:
    form = LinkbacksForm()
    if not form.validate_on_submit():
        return _page(form), 422
    site = preferences.save(**form.kept)
    flash(f"Saved. {_state(site)}")
    return redirect(url_for("settings.linkbacks"), 303)


@blueprint.post("/linkbacks/reach")
@web.needs()
def preview_linkbacks() -> ResponseReturnValue:
    """How many posts these settings would close or open; nothing is changed."""
    form = LinkbacksForm()
    valid = form.validate_on_submit()
    wanted = replace(preferences.site(), **form.kept) if valid else None
    if web.wants_fragment():
        return render_template("settings/_reach.html", **_reach(wanted))
    return _page(form, wanted), 200 if valid else 422


@blueprint.post("/linkbacks/ping")
@web.needs()
def send_ping() -> ResponseReturnValue:
    """Ping the newest post from the test page, over HTTP, and show what the endpoint answered."""
    form = PingForm()
    if not form.validate_on_submit():
        abort(422)
    answer = ping.send(Kind(form.kind.data), current_user.id)
    if web.wants_fragment():
        return render_template("settings/_ping.html", ping_form=form, answer=answer)
    return _page(LinkbacksForm(None, data=asdict(preferences.site())), ping_form=form, answer=answer)


def test_page(token: str) -> ResponseReturnValue:
    """The page that a test ping names as its source: for anyone, as long as the test may take."""
    post = ping.target_of(token)
    if post is None:
        abort(404)
    return render_template("settings/test_page.html", post=post)


blueprint.record_once(
    lambda state: state.app.add_url_rule("/linkback-test/<token>", ping.TEST_PAGE, test_page)
)


def _page(
    form: LinkbacksForm,
    wanted: Site | None = None,
    ping_form: PingForm | None = None,
    answer: Answer | None = None,
) -> str:
    return render_template(
        "settings/linkbacks.html",
        form=form,
        ping_form=ping_form or PingForm(None),
        answer=answer,
        **_reach(wanted or (preferences.site() if not form.errors else None)),
    )


def _reach(wanted: Site | None) -> dict[str, object]:
    """How many posts take what now, and with the wanted settings; None where those make no sense."""
    site = preferences.site()
    return {
        "posts": openness.posts(wanted or site),
        "before": openness.open_posts(site),
        "after": openness.open_posts(wanted) if wanted else None,
        "days": wanted.close_after if wanted else 0,
    }


def _state(site: Site) -> str:
    number, counted = max(openness.open_posts(site).values()), openness.posts(site).published
    posts, take = "post" if counted == 1 else "posts", "takes" if number == 1 else "take"
    return f"{number:,} of {counted:,} {posts} {take} linkbacks now."
