"""What of the blog's lists of words was found, its own and an imported one."""

from collections.abc import Sequence

from blog_linkbacks.scoring.frame import Check, View, abstains, says
from blog_linkbacks.vocabulary import Listed, Listing, Subject

NAMED = 3  # words in one sentence


def own(subject: Subject) -> View:
    found = [one for one in subject.listed if one.listing is not Listing.IMPORTED]
    if not found:
        return abstains("None of your own words stands in its title, its links or what the sender says.")
    return says(0.4 + 0.2 * len(found), f"Of your own words: {in_words(found)}.")


def imported(subject: Subject) -> View:
    """One word is a mild sign, as such lists are eager; several different ones are more."""
    found = [one for one in subject.listed if one.listing is Listing.IMPORTED]
    if not found:
        return abstains(
            "No word of the imported list stands in its title, its links or what the sender says."
        )
    return says(0.05 + 0.15 * len(found), f"Of the imported word list: {in_words(found)}.")


def in_words(found: Sequence[Listed]) -> str:
    """The words by place, such as “casino”, “slots” (in the page's title) and 2 more."""
    places: dict[str, list[str]] = {}
    for one in found[:NAMED]:
        places.setdefault(one.place, []).append(f"“{one.word}”")
    named = ", ".join(f"{', '.join(words)} {place}" for place, words in places.items())
    return named if len(found) <= NAMED else f"{named}, and {len(found) - NAMED} more"


CHECKS = (
    Check("text.own_words", "text", 4.2, own),
    Check("text.imported_words", "text", 2.0, imported),
)
