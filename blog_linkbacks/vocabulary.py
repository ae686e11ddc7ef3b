"""The frozen words that stations exchange. Nothing here does anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum


class Kind(StrEnum):
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    WEBMENTION = "webmention"


class Status(StrEnum):
    RECEIVED = "received"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    UNVERIFIED = "unverified"
    GONE = "gone"


class Response(StrEnum):
    """What a source says about the post, after microformats' h-entry properties."""

    MENTION = "mention"
    REPLY = "reply"
    LIKE = "like"
    REPOST = "repost"
    BOOKMARK = "bookmark"


class Refusal(Enum):
    """Why a claim is turned away; each wire maps a member to its own code."""

    MALFORMED_REQUEST = "The request is not in the form that this protocol asks for."
    SOURCE_MISSING = "The address of the linking page is missing."
    SOURCE_INVALID = "The address of the linking page is not a complete http or https URL."
    TARGET_MISSING = "The address of the post is missing."
    TARGET_INVALID = "The address of the post is not a complete http or https URL."
    SAME_PAGE = "The linking page and the post are the same page."
    TARGET_UNKNOWN = "There is no such page on this site."
    TARGET_NOT_A_POST = "That page is not a post, so it takes no linkbacks."
    TARGET_CLOSED = "This post takes no linkbacks."
    TARGET_FOREIGN = "That page is not on this site."
    ALREADY_REGISTERED = "This page is already registered for this post."
    BLOCKED = "Linkbacks from that site are not taken."
    RATE_LIMITED = "Too many linkbacks at once; try again later."
    FORBIDDEN_ADDRESS = "The linking page is at an address that may not be fetched."
    SOURCE_NOT_FOUND = "The linking page does not exist."
    SOURCE_UNREACHABLE = "The linking page could not be reached."
    SOURCE_FAILING = "The server of the linking page answered with an error."
    SOURCE_NOT_TEXT = "The linking page is not a text document."
    NO_LINK = "The linking page has no link to this post."


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal with, where known, a more precise sentence for the sender."""

    refusal: Refusal
    detail: str = ""

    @property
    def message(self) -> str:
        return self.detail or self.refusal.value


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sender says: `source_url` links to `target_url`. Texts are plain, as sent, unverified."""

    kind: Kind
    source_url: str
    target_url: str
    title: str = ""
    excerpt: str = ""
    author: str = ""
    sender_ip: str = ""
    user_agent: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The claim is kept: its row is committed. `created` is false where a known row was met again."""

    linkback_id: int
    token: str
    status: Status
    created: bool
    check: bool


class Outcome(StrEnum):
    """What looking at a source came to."""

    LINKED = "linked"
    NO_LINK = "no_link"
    NOT_FOUND = "not_found"
    GONE = "gone"
    NOT_TEXT = "not_text"
    FORBIDDEN = "forbidden"
    REDIRECT_LOOP = "redirect_loop"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    DNS_FAILURE = "dns_failure"

    @property
    def temporary(self) -> bool:
        """Worth another look later (DESIGN decision 7)."""
        return self in _TEMPORARY


_TEMPORARY = {Outcome.SERVER_ERROR, Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.DNS_FAILURE}


class Placement(StrEnum):
    """Where on the page the link stands; the best place where it stands in several."""

    ARTICLE = "article"
    PAGE = "page"
    COMMENT = "comment"
    SIDEBAR = "sidebar"
    NAVIGATION = "navigation"
    FOOTER = "footer"
    HIDDEN = "hidden"


class NearMiss(StrEnum):
    """Why a page that was read shows no link to the post."""

    TEXT_ONLY = "text_only"
    IN_COMMENT = "in_comment"
    IN_SCRIPT = "in_script"
    OTHER_POST = "other_post"
    SITE_ONLY = "site_only"
    WALL = "wall"
    REDIRECTED = "redirected"
    TRUNCATED = "truncated"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence that links: plain text before the link, the link's own text, plain text after it."""

    before: str = ""
    link: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.link}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What verification saw at the source. All texts are plain; sizes are bytes, durations seconds.

    `seen_by_reader` says whether the link was there too when the page was read as an ordinary browser reads it;
    None where nobody looked a second time. `prose_words` are the words outside links, in lines that have several;
    `block_links` the other links in the block of the link; `entry` says that the link stands in an h-entry;
    `keywords` are what the page tells search engines that it is about; `text_links` are the words and addresses of
    links in its text that lead to other sites than its own and the post's; `gains` are the marks of who earns by
    the page, as pairs of a sort (advert, button, paid, lure) and its words or address, None where nobody looked.
    """

    outcome: Outcome
    detail: str = ""
    near_miss: NearMiss | None = None
    final_url: str = ""
    redirects: tuple[str, ...] = ()
    status: int = 0
    address: str = ""
    content_type: str = ""
    size: int = 0
    seconds: float = 0.0
    content_hash: str = ""
    title: str = ""
    site_name: str = ""
    author: str = ""
    author_url: str = ""
    author_photo: str = ""
    published: str = ""
    language: str = ""
    excerpt: str = ""
    response: Response = Response.MENTION
    sentence: Sentence = Sentence()
    placement: Placement = Placement.PAGE
    hidden_by: str = ""
    rel: tuple[str, ...] = ()
    anchor: str = ""
    block_words: int = 0
    page_words: int = 0
    outgoing_links: int = 0
    outgoing_sites: int = 0
    anchors: tuple[str, ...] = ()
    text: str = ""
    sites: tuple[str, ...] = ()
    seen_by_reader: bool | None = None
    prose_words: int = 0
    block_links: int = 0
    entry: bool = False
    own_anchors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    text_links: tuple[tuple[str, str], ...] = ()
    gains: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The post a claim points at, as stations need it. `urls` are all its addresses, the canonical one first."""

    urls: tuple[str, ...]
    title: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """What this blog knows of the linking site and sender, this linkback left out."""

    approved: int = 0
    spam: int = 0
    rejected: int = 0
    waiting: int = 0
    from_address_spam: int = 0
    from_address_approved: int = 0
    first_seen: datetime | None = None
    same_text_recently: int = 0
    site_recently: int = 0
    undone: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What people's decisions here have taught about a subject's features.

    `ham` and `spam` count the lessons learned; `seen` gives for each feature met before how many of each had it.
    """

    ham: int = 0
    spam: int = 0
    seen: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to Akismet, field by field as it was sent but for the key, and what came back.

    `answer` is ham, spam or discard; `provisional` where the service wants to be asked again before it is sure.
    """

    form: Mapping[str, str]
    answer: str
    guid: str = ""
    at: str = ""
    provisional: bool = False


class Listing(StrEnum):
    """The lists of words that a blog may keep: its own that hold, its own that count, and an imported one."""

    HOLD = "hold"
    SIGN = "sign"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Listed:
    """A word or phrase of one of the blog's lists, and where it was found: “in the page's title”."""

    word: str
    place: str
    listing: Listing


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a check may look at; `asked` is the last question to Akismet about it that was answered."""

    claim: Claim
    evidence: Evidence
    target: Target
    history: SiteHistory = SiteHistory()
    internal: bool = False
    memory: Memory = Memory()
    asked: Asked | None = None
    received_at: datetime | None = None
    listed: tuple[Listed, ...] = ()


class CheckState(StrEnum):
    ON = "on"
    SHADOW = "shadow"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one check says. `strength` runs from -1 (honest) to 1 (spam), None where it abstains.

    `weight` is the check's full say in log-odds toward spam, after any cap on its group, so that
    `contribution` = strength x weight is exactly what went into the score.
    """

    name: str
    version: int
    group: str
    weight: float
    strength: float | None
    detail: str
    state: CheckState = CheckState.ON

    @property
    def contribution(self) -> float:
        if self.strength is None or self.state is not CheckState.ON:
            return 0.0
        return self.strength * self.weight


@dataclass(frozen=True, slots=True)
class Score:
    """`value` from 0 (clean) to 1 (spam) is the logistic of the sum of the opinions' contributions.

    `proof` names a check that is enough alone, `ask_again` one that could not be asked this time, `again_after`
    how many seconds it must be left alone. `asked` is what Akismet was asked and answered.
    """

    value: float
    opinions: tuple[Opinion, ...] = field(default_factory=tuple)
    reason: str = ""
    proof: str = ""
    ask_again: str = ""
    again_after: float = 0.0
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What policy says: the status to give, the rule that spoke, and why in a sentence."""

    status: Status
    rule: str
    reason: str
