"""Blog Linkbacks: a small blog engine that takes in pingbacks, trackbacks and webmentions and moderates them."""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.helpers import get_debug_flag

from blog_linkbacks import config

ROOT = Path(__file__).resolve().parent.parent


def create_app(environ: Mapping[str, str] | None = None, root: Path | str = ROOT) -> Flask:
    """The whole inventory, one line per piece. Ends the process with one line where a variable makes no sense."""
    try:
        settings = config.load(os.environ if environ is None else environ, Path(root))
    except config.ConfigError as error:
        sys.exit(str(error))
    app = _bare(settings)

    from blog_linkbacks import accounts, cli, db, filters, health, limits, migrations, tasks, web, wsgi
    from blog_linkbacks.accounts import views as account_views
    from blog_linkbacks.blog import desk, draft_views, picture_views, preview_views, related_views
    from blog_linkbacks.blog import views as blog_views
    from blog_linkbacks.moderation import (
        bulk_views,
        campaign_views,
        history_views,
        rescore_views,
        screen_views,
        site_views,
        text_views,
    )
    from blog_linkbacks.moderation import progress as progress_views
    from blog_linkbacks.moderation import views as moderation_views
    from blog_linkbacks.protocols import views as protocol_views
    from blog_linkbacks.sending import views as sending_views
    from blog_linkbacks.settings import judgement as judgement_views
    from blog_linkbacks.settings import views as settings_views

    wsgi.init_app(app, settings)
    db.init_app(app, settings.database_url)
    migrations.init_app(app)
    web.init_app(app)
    filters.init_app(app)
    limits.init_app(app, settings.redis_url)
    accounts.init_app(app)
    for views in (
        blog_views,
        desk,
        draft_views,
        picture_views,
        preview_views,
        related_views,
        protocol_views,
        moderation_views,
        campaign_views,
        screen_views,
        site_views,
        history_views,
        text_views,
        bulk_views,
        progress_views,
        rescore_views,
        sending_views,
        settings_views,
        judgement_views,
        account_views,
        health,
    ):
        app.register_blueprint(views.blueprint)
    cli.init_app(app)
    try:
        migrations.upgrade(app)
    except migrations.UnusableError as error:
        sys.exit(f"LINKBACKS_DATABASE_URL: {error}")
    tasks.init_app(app, settings)
    if _serves():
        _announce(app, settings)
        tasks.start_embedded(app)
    return app


def _bare(settings: config.Config) -> Flask:
    app = Flask(
        "blog_linkbacks",
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    # Cookies know no ports: two blogs on one host must not sign each other's people out.
    own = hashlib.sha256(settings.secret_key.encode()).hexdigest()[:8]
    secure = settings.base_url.startswith("https:")
    # Browsers let nobody else set a cookie of such a name; a root with a path must leave the host to others.
    prefix = "" if not secure else "__Secure-" if urlsplit(settings.base_url).path else "__Host-"
    app.config.update(
        LINKBACKS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=2_000_000,
        SESSION_COOKIE_NAME=f"{prefix}linkbacks_{own}",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_NAME=f"{prefix}linkbacks_remember_{own}",
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )
    return app


def _serves() -> bool:
    """Whether this is `flask run`, and not the reloader's parent, which serves nothing."""
    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run":
        return False
    asked = context.params.get("reload")
    reloading = get_debug_flag() if asked is None else asked
    return not reloading or os.environ.get("WERKZEUG_RUN_MAIN") == "true"


def _announce(app: Flask, settings: config.Config) -> None:
    """Tell the console where to go, and a command line in another process where this site is served."""
    from blog_linkbacks import accounts, web

    context = click.get_current_context()
    host, port = context.params.get("host") or "127.0.0.1", context.params.get("port") or 5000
    with app.app_context():
        root = settings.base_url or f"http://{host}:{port}"
        web.remember_served_at(root)
        accounts.say_first_run(root)
