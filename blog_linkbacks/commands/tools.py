"""What the commands share: refusals, moments as JSON has them, arrays and tables written row by row."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click


@contextmanager
def refusing(*errors: type[Exception]) -> Iterator[None]:
    """Turn these errors into one line on standard error and exit status 1."""
    try:
        yield
    except errors as error:
        raise click.ClickException(str(error)) from None


def say(text: str) -> None:
    """A message for the person, on standard error."""
    click.echo(text, err=True)


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, or None."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def print_json(rows: Iterable[dict[str, Any]]) -> None:
    """A JSON array on standard output, one row held at a time."""
    click.echo("[", nl=False)
    between = "\n"
    for row in rows:
        click.echo(between + json.dumps(row, ensure_ascii=False), nl=False)
        between = ",\n"
    click.echo("\n]" if between != "\n" else "]")


def print_table(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[object]]) -> None:
    """A table of fixed widths on standard output; the last column is cut nowhere."""
    click.echo(_line(columns, [name for name, _width in columns]))
    for row in rows:
        click.echo(_line(columns, row))


def _line(columns: Sequence[tuple[str, int]], row: Sequence[object]) -> str:
    cells = [_cell(value, width) for value, (_name, width) in zip(row, columns, strict=True)]
    return "  ".join(cells).rstrip()


def _cell(value: object, width: int) -> str:
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text.ljust(width) if len(text) <= width or not width else text[: width - 1] + "…"
