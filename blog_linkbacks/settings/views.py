"""What the blog is called and how it is read, with a preview, and the Akismet key; for admins."""

from dataclasses import asdict, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blog_linkbacks import faces, web
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db, writing
from blog_linkbacks.settings import (
    akismet,
    keeping_views,
    linkback_views,
    links,
    people_views,
    preferences,
    word_views,
)
from blog_linkbacks.settings.blueprint import blueprint
from blog_linkbacks.settings.forms import GeneralForm, ReadingForm
from blog_linkbacks.settings.preferences import Site

__all__ = ["blueprint", "keeping_views", "linkback_views", "people_views", "word_views"]

_SHOWN_POSTS = 2


@blueprint.get("")
@web.needs()
def general() -> ResponseReturnValue:
    return _page("general", GeneralForm(None, data=asdict(preferences.site())))


@blueprint.post("")
@web.needs()
def save() -> ResponseReturnValue:
    return _saved("general", GeneralForm())


@blueprint.post("/preview")
@web.needs()
def preview() -> ResponseReturnValue:
    """The public pages with these settings; nothing is changed."""
    return _previewed("general", GeneralForm())


@blueprint.get("/reading")
@web.needs()
def reading() -> ResponseReturnValue:
    site = preferences.site()
    entered = {
        "navigation": links.written(site.navigation),
        "pictures": "show" if site.pictures else "never",
    }
    return _page("reading", ReadingForm(None, data=asdict(site) | entered))


@blueprint.post("/reading")
@web.needs()
def save_reading() -> ResponseReturnValue:
    return _saved("reading", ReadingForm())


@blueprint.post("/reading/preview")
@web.needs()
def preview_reading() -> ResponseReturnValue:
    """The public pages with these settings; nothing is changed. `add` is one more line of the navigation."""
    form = ReadingForm()
    if added := request.form.get("add", "").strip():
        form.navigation.data = f"{(form.navigation.data or '').rstrip()}\n{added}"
    return _previewed("reading", form)


@blueprint.get("/akismet")
@web.needs()
def akismet_page() -> ResponseReturnValue:
    return render_template("settings/akismet.html", akismet=akismet.panel())


@blueprint.post("/akismet")
@web.needs()
def check_key() -> ResponseReturnValue:
    message, good = akismet.check()
    if web.wants_fragment():
        return render_template("settings/_akismet.html", akismet=akismet.panel(message, good))
    flash(message, "good" if good else "error")
    return redirect(url_for("settings.akismet_page"), 303)


def _saved(page: str, form: GeneralForm | ReadingForm) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _page(page, form), 422
    with writing():
        had_pictures = preferences.read().pictures
        if preferences.save(**form.kept).pictures != had_pictures:
            faces.switch(not had_pictures)
    flash("Saved.")
    return redirect(url_for(f"settings.{page}"), 303)


def _previewed(page: str, form: GeneralForm | ReadingForm) -> ResponseReturnValue:
    valid = form.validate_on_submit()
    shown = replace(preferences.site(), **form.kept) if valid else None
    if web.wants_fragment():
        return render_template("settings/_preview.html", **_example(shown))
    return _page(page, form, shown), 200 if valid else 422


def _page(page: str, form: GeneralForm | ReadingForm, shown: Site | None = None) -> str:
    example = _example(shown or (preferences.site() if not form.errors else None))
    return render_template(f"settings/{page}.html", form=form, **example)


def _example(shown: Site | None) -> dict[str, Any]:
    newest = (
        select(Post.title, Post.summary, Post.published_at)
        .where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST)
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(min(_SHOWN_POSTS, shown.posts_per_page if shown else _SHOWN_POSTS))
    )
    return {"shown": shown, "posts": db.session.execute(newest).all() if shown else []}
