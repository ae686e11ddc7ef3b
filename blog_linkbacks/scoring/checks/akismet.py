"""Akismet's word, where the blog has a key."""

from functools import partial

from blog_linkbacks.scoring.akismet_client import AkismetClient, AkismetUnavailable, said
from blog_linkbacks.scoring.frame import Check, View, abstains, says
from blog_linkbacks.vocabulary import Outcome, Subject


def check(client: AkismetClient | None) -> Check:
    """The check that asks `client`; without one it only says so."""
    return Check("akismet", "akismet", 6.0, partial(ask, client))


def ask(client: AkismetClient | None, subject: Subject) -> View:
    if client is None:
        return abstains("Akismet is not configured.")
    if subject.internal or subject.evidence.outcome is not Outcome.LINKED:
        return abstains("Akismet was not asked about this one.")
    author, content = said(subject.claim, subject.evidence)
    try:
        answer = client.check(subject.claim, subject.target.urls[0], author=author, content=content)
    except AkismetUnavailable as error:
        return abstains(f"Akismet could not be asked: {error}", ask_again=True)
    if answer.discard:
        return says(1.0, "Akismet says: blatant spam, not worth keeping.", proof=True)
    if answer.spam:
        return says(0.8, "Akismet says: spam.", proof=True)
    return says(-0.25, "Akismet says: not spam.")
