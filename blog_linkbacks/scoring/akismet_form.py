"""What Akismet is asked: everything known of a linkback, nothing invented, remembered to the letter."""

from collections.abc import Mapping
from datetime import UTC, datetime

from blog_linkbacks.vocabulary import Claim, Evidence, Subject

# Not part of what is asked about: the reason for asking it again.
REASON = "recheck_reason"


def form(subject: Subject, blog: str) -> dict[str, str]:
    """The fields of a question about a linkback to the blog at `blog`, without the key; what is unknown is left out."""
    claim, target = subject.claim, subject.target
    author, content = said(claim, subject.evidence)
    fields = {
        "blog": blog,
        "user_ip": claim.sender_ip,
        "user_agent": claim.user_agent,
        "referrer": claim.referrer,
        "permalink": target.urls[0],
        "comment_type": str(claim.kind),
        "comment_author": author,
        "comment_author_url": claim.source_url,
        "comment_content": content,
        "comment_date_gmt": _gmt(subject.received_at),
        "comment_post_modified_gmt": _gmt(target.published_at),
        "comment_context": ", ".join(target.tags),
        "blog_lang": target.language,
        "blog_charset": "UTF-8",
    }
    return {name: value for name, value in fields.items() if value}


def same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two forms ask about the same words."""
    return {**one, REASON: ""} == {**other, REASON: ""}


def said(claim: Claim, evidence: Evidence) -> tuple[str, str]:
    """Author and content to ask Akismet with: the claim's, or the page's where the claim is silent."""
    author = claim.author or evidence.author or evidence.site_name
    text = "\n\n".join(filter(None, (claim.title, claim.excerpt)))
    page = "\n\n".join(filter(None, (evidence.title, evidence.excerpt or evidence.sentence.text)))
    return author, text or page


def _gmt(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""
