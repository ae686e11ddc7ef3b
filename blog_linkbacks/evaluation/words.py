"""A word list from a file, as a blogger would import it."""

import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path

from blog_linkbacks.evaluation.lines import CaseError
from blog_linkbacks.scoring.wordlist import MAX_BYTES, WordList, WordListError, decode, parse
from blog_linkbacks.vocabulary import Listing


def read_words(path: Path) -> Mapping[Listing, WordList]:
    """The list in a plain or gzipped file; raises CaseError where it cannot be taken."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return {Listing.IMPORTED: parse(decode(data))}
    except (OSError, EOFError, zlib.error, WordListError) as error:
        raise CaseError(f"{path}: {error}") from None
