"""The product in a dozen lines: verify, score, decide, record."""

from dataclasses import replace
from functools import lru_cache

from blog_linkbacks import config, facts, leases, policy, scoring, verification, web
from blog_linkbacks.facts import Job
from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.scoring.akismet_client import AkismetClient
from blog_linkbacks.settle import settle
from blog_linkbacks.vocabulary import Evidence, NearMiss, Outcome, Refusal, Refused, Score, Subject, Verdict


def process(linkback_id: int, *, early: bool = True) -> Refused | None:
    """Check one linkback, due or, `early`, due later: look at its source, score it, decide, and write all of it down.

    The source is fetched with no transaction open. Returns why the source does not stand, for the sender; None
    where it links here, or where the work was not due or in other hands.
    """
    lease = leases.claim(Linkback, linkback_id, early=early)
    if lease is None:
        return None
    job = facts.job(linkback_id)
    evidence = look(job)
    subject = Subject(job.claim, evidence, job.target, job.history, job.internal)
    score = judge(subject)
    verdict = decide(job, subject, score)
    settle(job, lease, evidence, score, verdict)
    return refusal_for(evidence)


def look(job: Job) -> Evidence:
    """Verify the source: over the network, or in the database where it is one of the blog's own posts."""
    own = job.own_post
    if own is None:
        return verification.verify(job.claim, job.target, fetcher())
    if not own.html:
        return Evidence(Outcome.NOT_FOUND, "That post is not published.", NearMiss.NOTHING, own.url)
    seen = verification.examine(own.html, own.url, "text/html; charset=utf-8", job.claim.kind, job.target)
    return replace(seen, title=own.title, author=own.author)


def judge(subject: Subject) -> Score | None:
    """The score of a source that links here; one that does not has none."""
    if subject.evidence.outcome is not Outcome.LINKED:
        return None
    return scoring.score(subject, akismet=akismet())


def decide(job: Job, subject: Subject, score: Score | None) -> Verdict:
    limits = policy.Thresholds(spam=job.site.clear_spam)
    return policy.decide(subject, score or Score(0.0), limits)


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


def fetcher() -> Fetcher:
    """The fetcher that may reach what this site was told it may."""
    return _fetcher(config.current().fetch_allow)


def akismet() -> AkismetClient | None:
    """The configured Akismet-compatible service, or None where there is no key."""
    settings = config.current()
    if not settings.akismet_key:
        return None
    return _akismet(settings.akismet_key, settings.akismet_url, web.base_url())


@lru_cache(maxsize=8)
def _fetcher(allow: tuple[config.Network, ...]) -> Fetcher:
    return Fetcher(allow=allow)


@lru_cache(maxsize=8)
def _akismet(key: str, root: str, blog: str) -> AkismetClient:
    return AkismetClient(key, root, blog, Fetcher(trusted_origin=root))
