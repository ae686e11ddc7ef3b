"""flask posts: publish, unpublish, delete."""

from pathlib import Path

import click
from flask.cli import AppGroup

from blog_linkbacks import tasks
from blog_linkbacks.blog import markdown, posts
from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.commands.tools import refusing, say

MAX_FILE = 4 * (markdown.MAX_LENGTH + markdown.MAX_FRONT_MATTER)  # bytes: no character has more than four

group = AppGroup("posts", help="Publish, unpublish and delete posts.")


@group.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def publish(file: Path) -> None:
    """Publish a Markdown file with YAML front matter; prints the post's address alone.

    A known slug updates that post in place.
    """
    with refusing(ValueError):
        post = posts.publish_file(_text(file), _title(file))
    click.echo(post_url(post))
    tasks.post_changed(post.id)


@group.command("unpublish")
@click.argument("slug")
def unpublish(slug: str) -> None:
    """Take a post off the site: its address answers 404."""
    with _known(slug):
        post = posts.unpublish(slug)
    tasks.post_changed(post.id)
    say(f"Unpublished “{post.title}”.")


@group.command("delete")
@click.argument("slug")
def delete(slug: str) -> None:
    """Delete a post for good: its address answers 410."""
    with _known(slug):
        post = posts.delete(slug)
    tasks.post_changed(post.id)
    say(f"Deleted “{post.title}”.")


class _known:  # noqa: N801 - reads as a sentence: with _known(slug)
    """Turns the LookupError of an unknown slug into a refusal that names it."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, LookupError):
            raise click.ClickException(f"There is no post with the slug {self.slug!r}.") from None


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        raw = opened.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        raise ValueError(f"{file}: the file is longer than {MAX_FILE:,} bytes.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8 text (byte {error.start}).") from None


def _title(file: Path) -> str:
    words = file.stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
