"""What is asked of a linkback's two addresses first, whatever the wire (WM 3.2.1). Pure."""

from blog_linkbacks import urls
from blog_linkbacks.vocabulary import Refusal, Refused


def objection(source: str, target: str) -> Refused | None:
    """Why these cannot be source and target: one is missing, no http(s) URL, or both are the same page."""
    if not source:
        return Refused(Refusal.SOURCE_MISSING)
    if not target:
        return Refused(Refusal.TARGET_MISSING)
    if not urls.is_web(source):
        return Refused(Refusal.SOURCE_INVALID)
    if not urls.is_web(target):
        return Refused(Refusal.TARGET_INVALID)
    same = urls.page_key(source) == urls.page_key(target)
    return Refused(Refusal.SAME_PAGE) if same else None
