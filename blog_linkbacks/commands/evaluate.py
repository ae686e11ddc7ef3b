"""flask linkbacks evaluate: how well the scoring does on labelled linkbacks."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from blog_linkbacks import evaluation
from blog_linkbacks.evaluation.report import case_lines, report
from blog_linkbacks.evaluation.summary import Summary, Wishes, summarise

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_MOST = 1_000_000


def _numbers(_context: click.Context, _option: click.Parameter, value: str) -> tuple[int, ...]:
    """Whole numbers with commas between: `20,50,200`; none for an empty text."""
    parts = [part.strip() for part in value.split(",")] if value.strip() else []
    if not all(p.isascii() and p.isdigit() and 0 < len(p) < 8 and 0 < int(p) <= _MOST for p in parts):
        raise click.BadParameter(f"{value!r} is not a list of whole numbers from 1 such as 20,50,200.")
    return tuple(map(int, parts))


@click.command("evaluate")
@click.argument("file", type=_FILE)
@click.option("--posts", type=_FILE, help="The posts; otherwise posts.jsonl.gz or posts.jsonl beside FILE.")
@click.option("--words", type=_FILE, help="A word list to import, one word or phrase a line; also as .gz.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.option("--cases", is_flag=True, help="First print a line for each case.")
@click.option("--leave-one-out", is_flag=True, help="Measure again without each check.")
@click.option("--by-family", is_flag=True, help="Leave every family out once, and learn from the others.")
@click.option(
    "--replay",
    "replays",
    callback=_numbers,
    default="",
    metavar="N,N...",
    help="Learn the first N decisions.",
)
def evaluate(  # noqa: PLR0913 - one for each option
    file: Path,
    *,
    posts: Path | None,
    words: Path | None,
    as_json: bool,
    cases: bool,
    leave_one_out: bool,
    by_family: bool,
    replays: tuple[int, ...],
) -> None:
    """Run verification, scoring and policy over the labelled linkbacks in FILE, without network or database."""
    started = time.perf_counter()
    with _naming_the_line():
        known = evaluation.read_posts(posts or evaluation.posts_beside(file))
        lists = evaluation.read_words(words) if words else {}
        judged = [evaluation.judge(case, lists) for case in evaluation.read_cases(file, known)]
    summary = summarise(judged, Wishes(leave_one_out, by_family, replays))
    _tell(replace(summary, seconds=time.perf_counter() - started, peak_mb=_peak()), as_json, cases)


@contextmanager
def _naming_the_line() -> Iterator[None]:
    """A file that cannot be used is wrong use: one line, exit status 2."""
    try:
        yield
    except evaluation.CaseError as error:
        raise click.UsageError(str(error)) from None


def _tell(summary: Summary, as_json: bool, cases: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary.as_data(), ensure_ascii=False, indent=1))
        return
    for line in case_lines(summary) if cases else ():
        click.echo(line)
    for line in report(summary):
        click.echo(line)


def _peak() -> float | None:
    """The most memory that this process has had, in MB; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)
