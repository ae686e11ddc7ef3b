"""Akismet's word, where the blog has a key."""

from datetime import UTC, datetime, timedelta
from functools import partial

from blog_linkbacks.scoring.akismet_client import AkismetAnswer, AkismetClient, AkismetUnavailable
from blog_linkbacks.scoring.akismet_form import REASON, form, same
from blog_linkbacks.scoring.frame import Check, View, abstains, counted
from blog_linkbacks.vocabulary import Asked, Outcome, Subject

# So long an answer stands without asking in the same words again.
FRESH = timedelta(days=1)

_ANSWERS = {
    "discard": View(1.0, "Akismet says: blatant spam, not worth keeping.", proof=True),
    "spam": View(0.8, "Akismet says: spam.", proof=True),
    "ham": View(-0.25, "Akismet says: not spam."),
}


def check(client: AkismetClient | None) -> Check:
    """The check that asks `client`; without one it repeats what Akismet answered before, if it ever did."""
    return Check("akismet", "akismet", 6.0, partial(ask, client))


def ask(client: AkismetClient | None, subject: Subject) -> View:
    known = subject.asked
    if client is None:
        return _view(known) if known else abstains("Akismet is not configured.")
    if subject.internal or subject.evidence.outcome is not Outcome.LINKED:
        return abstains("Akismet was not asked about this one.")
    if not subject.claim.sender_ip:
        return abstains("Akismet was not asked: it wants the sender's address, which is not known.")
    question = form(subject, client.blog)
    if known and _stands(known, question):
        return _view(known)
    return _answer(client, question | _reason(known, question))


def _answer(client: AkismetClient, question: dict[str, str]) -> View:
    try:
        answer = client.check(question)
    except AkismetUnavailable as error:
        words = f"Akismet could not be asked: {error}"
        return View(None, words, ask_again=True, again_after=error.again_after)
    asked = Asked(question, _word(answer), answer.guid, datetime.now(UTC).isoformat(), answer.again_after > 0)
    return _view(asked, answer.again_after)


def _view(asked: Asked, again_after: float = 0.0) -> View:
    if asked.provisional:
        words = "Akismet says: not spam so far, but it is still looking"
        when = (
            f" and wants to be asked again in {counted(round(again_after), 'second')}" if again_after else ""
        )
        return View(None, f"{words}{when}.", ask_again=True, again_after=again_after, asked=asked)
    view = _ANSWERS[asked.answer]
    return View(view.strength, view.detail, view.proof, asked=asked)


def _word(answer: AkismetAnswer) -> str:
    return "discard" if answer.discard else "spam" if answer.spam else "ham"


def _stands(known: Asked, question: dict[str, str]) -> bool:
    if known.provisional or not same(known.form, question):
        return False
    return datetime.now(UTC) - datetime.fromisoformat(known.at) < FRESH


def _reason(known: Asked | None, question: dict[str, str]) -> dict[str, str]:
    """Why it is asked again, in the words that Akismet's own plugin uses."""
    if known is None:
        return {}
    return {REASON: "recheck" if same(known.form, question) else "edit"}
