"""The product in a dozen lines: verify, score, decide, record."""

from dataclasses import dataclass, replace
from functools import lru_cache

from blog_linkbacks import config, facts, leases, policy, scoring, urls, verification, web
from blog_linkbacks.budgets import LaterError, Toll
from blog_linkbacks.facts import Job
from blog_linkbacks.fetch import USER_AGENT, Fetcher
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.places import places
from blog_linkbacks.scoring.akismet_breaker import Breaker
from blog_linkbacks.scoring.akismet_client import AkismetClient
from blog_linkbacks.settings import akismet_notes
from blog_linkbacks.settle import settle
from blog_linkbacks.vocabulary import (
    Evidence,
    NearMiss,
    Outcome,
    Placement,
    Refusal,
    Refused,
    Score,
    Subject,
    Verdict,
)

# What an ordinary browser says of itself: the one request in which the blog does not give its own name.
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def process(linkback_id: int, *, early: bool = True, asked_for: bool = False) -> Refused | None:
    """Check one linkback, due or, `early`, due later: look at its source, score it, decide, and write all of it down.

    The source is fetched with no transaction open. Returns why the source does not stand, for the sender; None
    where it links here, or where the work was not due or in other hands, or where the source's host was asked for
    so often that it has to wait; what people of the blog `asked_for` does not wait.
    """
    lease = leases.claim(Linkback, linkback_id, early=early)
    if lease is None:
        return None
    toll = Toll(linkback_id, owing=asked_for)
    job = facts.job(linkback_id)
    try:
        subject, score, verdict = _judged(job, _Eyes(toll, promptly=early))
    except LaterError as later:
        leases.put_off(Linkback, linkback_id, lease, later.seconds)
        return None
    toll.close()
    settle(job, lease, subject, score, verdict)
    return refusal_for(subject.evidence)


@dataclass(frozen=True, slots=True)
class _Eyes:
    """How one check looks at its source."""

    toll: Toll
    promptly: bool

    def see(self, job: Job, user_agent: str) -> Evidence:
        site = urls.registrable(urls.host(job.claim.source_url))
        with places.place(site, promptly=self.promptly):
            return verification.verify(job.claim, job.target, fetcher(user_agent, self.toll))


def _judged(job: Job, eyes: _Eyes) -> tuple[Subject, Score | None, Verdict]:
    subject = facts.subject(job, _look(job, eyes))
    client = akismet()
    score, verdict = weigh(job, subject, client)
    if verdict.rule == "clear_ham":
        subject = replace(subject, evidence=_look_as_a_reader(job, subject.evidence, eyes))
    if subject.evidence.seen_by_reader is not None:
        # What Akismet has just said stands: it is not asked again.
        score, verdict = weigh(job, replace(subject, asked=score.asked if score else None), client)
    return subject, score, verdict


def _look(job: Job, eyes: _Eyes) -> Evidence:
    """Verify the source: over the network, or in the database where it is one of the blog's own posts."""
    own = job.own_post
    if own is None:
        return eyes.see(job, USER_AGENT)
    if not own.html:
        return Evidence(Outcome.NOT_FOUND, "That post is not published.", NearMiss.NOTHING, own.url)
    seen = verification.examine(own.html, own.url, "text/html; charset=utf-8", job.claim.kind, job.target)
    return replace(seen, title=own.title, author=own.author)


def _look_as_a_reader(job: Job, evidence: Evidence, eyes: _Eyes) -> Evidence:
    """Before a stranger is approved without a person: is the link there too for an ordinary browser?"""
    seen = eyes.see(job, READER)
    if seen.outcome.temporary or seen.near_miss is NearMiss.WALL:
        return evidence
    return replace(
        evidence, seen_by_reader=seen.outcome is Outcome.LINKED and seen.placement is not Placement.HIDDEN
    )


def weigh(job: Job, subject: Subject, asked: AkismetClient | None = None) -> tuple[Score | None, Verdict]:
    """The score of a source that links here (one that does not has none), and what policy makes of it."""
    score = None
    if subject.evidence.outcome is Outcome.LINKED:
        score = scoring.score(subject, akismet=asked, states=job.site.states, weights=job.site.check_weights)
    limits = policy.Thresholds(spam=job.site.clear_spam, ham=job.site.clear_ham)
    return score, policy.decide(subject, score or Score(0.0), limits)


def refusal_for(evidence: Evidence) -> Refused | None:
    """What verification came to, as a refusal of the protocols; None for a link that is there."""
    refusal = _REFUSALS.get(evidence.outcome)
    return Refused(refusal, evidence.detail) if refusal else None


_REFUSALS = {
    Outcome.NO_LINK: Refusal.NO_LINK,
    Outcome.NOT_TEXT: Refusal.SOURCE_NOT_TEXT,
    Outcome.NOT_FOUND: Refusal.SOURCE_NOT_FOUND,
    Outcome.GONE: Refusal.SOURCE_NOT_FOUND,
    Outcome.CLIENT_ERROR: Refusal.SOURCE_UNREACHABLE,
    Outcome.REDIRECT_LOOP: Refusal.SOURCE_UNREACHABLE,
    Outcome.TIMEOUT: Refusal.SOURCE_UNREACHABLE,
    Outcome.UNREACHABLE: Refusal.SOURCE_UNREACHABLE,
    Outcome.DNS_FAILURE: Refusal.SOURCE_UNREACHABLE,
    Outcome.SERVER_ERROR: Refusal.SOURCE_FAILING,
    Outcome.FORBIDDEN: Refusal.FORBIDDEN_ADDRESS,
}


def fetcher(user_agent: str = USER_AGENT, toll: Toll | None = None) -> Fetcher:
    """A fetcher that may reach what this site was told it may, and pays `toll` for it."""
    return Fetcher(allow=config.current().fetch_allow, user_agent=user_agent, toll=toll)


def akismet() -> AkismetClient | None:
    """The configured Akismet-compatible service, or None where there is no key."""
    settings = config.current()
    if not settings.akismet_key:
        return None
    return _akismet(settings.akismet_key, settings.akismet_url, web.base_url())


@lru_cache(maxsize=8)
def _akismet(key: str, root: str, blog: str) -> AkismetClient:
    return AkismetClient(key, root, blog, Fetcher(trusted_origin=root), breaker=Breaker(akismet_notes.keep))
