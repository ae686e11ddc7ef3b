"""Plans what to tell whom about a post as it stands now."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks import urls, web
from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.blog.tables import Post, PostLink, PostState
from blog_linkbacks.db import writing
from blog_linkbacks.sending import ledger, rules
from blog_linkbacks.sending.ledger import Standing
from blog_linkbacks.sending.rules import Ruling
from blog_linkbacks.sending.tables import Delivery, DeliveryState, Rule, host_of

_OFFLINE = {PostState.DRAFT, PostState.DELETED}


def plan(post_id: int, *, skip: Collection[str] = ()) -> list[int]:
    """Enter what is to be told of a post as it stands now; the ids of all its deliveries that are due.

    Unchanged content tells nothing new. `skip` are target URLs that the author does not want told. The blog's own
    pages are never told; other sites as their sending rules say.
    """
    with writing() as session:
        post = session.get(Post, post_id, with_for_update=True, populate_existing=True)
        if post is None:
            return []
        _Plan(session, post, skip).make()
        session.flush()
        return ledger.due(session, post_id, limit=None)


class _Plan:
    """The rows that one state of a post calls for."""

    def __init__(self, session: Session, post: Post, skip: Collection[str]) -> None:
        self._session = session
        self._post = post
        self._skip = skip
        self._url = post_url(post)
        self._rules: Mapping[str, Ruling] = {}
        self._version = ledger.version(post)

    def make(self) -> None:
        linked = self._targets()
        known = ledger.standings(self._session, self._post.id)
        self._rules = rules.rulings(self._session, {host_of(url) for url in (*linked, *known)})
        for target in linked:
            self._keep(target, known.get(target))
        for target, standing in known.items():
            if target not in linked:
                self._remove(target, standing)

    def _targets(self) -> dict[str, None]:
        """The URLs that the post links to elsewhere, in order."""
        if not self._post.published:
            return {}
        links = select(PostLink).where(PostLink.post_id == self._post.id).order_by(PostLink.position)
        found = (link.url for link in self._session.scalars(links) if link.to_slug is None)
        return dict.fromkeys(url for url in found if urls.is_web(url) and not web.is_own(url))

    def _keep(self, target: str, standing: Standing | None) -> None:
        if standing is None or not self._stands(standing):
            self._tell(target, standing, linked=True)

    def _stands(self, standing: Standing) -> bool:
        """Whether nothing new is to be said about a link that is there."""
        last = standing.last
        if standing.told and not standing.by_webmention:
            return True  # pingback knows no updates
        if not last.linked:
            return False
        if self._kept_back(last):
            return self._rules[last.host].rule is Rule.NEVER
        if last.content_hash == self._version or last.state == DeliveryState.CANCELLED:
            return True
        return last.state == DeliveryState.REFUSED and last.protocol == "pingback"

    def _remove(self, target: str, standing: Standing) -> None:
        last = standing.last
        if standing.by_webmention:
            if last.linked or self._differs_from_before(last) or self._may_be_told_now(last):
                self._tell(target, standing, linked=False)
        elif ledger.waits(last):
            last.linked = False
            ledger.drop(last, "The link was taken out before it was told.")

    def _differs_from_before(self, last: Delivery) -> bool:
        """An unpublished post that is then deleted answers 410 where it answered 404: that is news."""
        return (
            last.content_hash in _OFFLINE and not self._post.published and last.content_hash != self._version
        )

    def _kept_back(self, last: Delivery) -> bool:
        """Whether a rule gave it up, not a person."""
        return last.by_rule and last.state == DeliveryState.CANCELLED

    def _may_be_told_now(self, last: Delivery) -> bool:
        return self._kept_back(last) and self._rules[last.host].rule is not Rule.NEVER

    def _tell(self, target: str, standing: Standing | None, *, linked: bool) -> None:
        row = self._waiting(standing) or Delivery(post_id=self._post.id, target_url=target, protocol="")
        row.source_url = self._source(standing)
        row.content_hash, row.linked = self._version, linked
        ledger.enter(self._session, row)
        if standing and standing.last is not row and standing.last.lease_by is not None:
            row.due_at = standing.last.lease_until  # one at a time: whoever has that in hand lets this go out
        if linked and standing is None and target in self._skip:
            ledger.drop(row, "You chose not to tell it.")
        else:
            ledger.apply(row, self._rules[row.host])

    def _waiting(self, standing: Standing | None) -> Delivery | None:
        """The row that still waits and is in nobody's hand, to be told in place of a new one."""
        row = standing.last if standing else None
        return row if row is not None and ledger.waits(row) and row.lease_by is None else None

    def _source(self, standing: Standing | None) -> str:
        """The address it was told under: receivers know a mention by it, whatever the slug is now."""
        told = standing.last.source_url if standing and standing.told else ""
        return told if told and web.on_site(told) else self._url
