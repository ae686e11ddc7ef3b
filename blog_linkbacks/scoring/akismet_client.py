"""Akismet, or a service that speaks as it does: asked through the one door to the network."""

from dataclasses import dataclass
from typing import Any

import akismet
import httpx

from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.vocabulary import Claim, Evidence

DEFAULT_ROOT = "https://rest.akismet.com"

_KEPT_HEADERS = ("Content-Type", "X-akismet-pro-tip", "X-akismet-guid", "X-akismet-debug-help")


@dataclass(frozen=True, slots=True)
class AkismetAnswer:
    """Spam or not; `discard` marks spam so plain that the service would not even keep it."""

    spam: bool
    discard: bool = False


class AkismetUnavailable(Exception):  # noqa: N818 - it says what is the case, and callers read it so
    """The service gave no usable answer. The text says why and never holds the key."""

    def __init__(self, message: str, invalid_key: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.invalid_key = invalid_key


class AkismetClient:
    """One site's account. `root` is the service's root, `timeout` seconds for a whole exchange.

    Every method raises AkismetUnavailable, and nothing else, where the service gives no usable answer.
    """

    def __init__(self, key: str, root: str, blog: str, fetcher: Fetcher, timeout: float = 5.0) -> None:
        self._config = akismet.Config(key=key, url=blog)
        self._root = (root or DEFAULT_ROOT).rstrip("/")
        self._fetcher = fetcher
        self._timeout = timeout

    def check(
        self, claim: Claim, target_url: str, *, author: str = "", content: str = "", recheck: str = ""
    ) -> AkismetAnswer:
        """Ask about a claim on the post at `target_url`; `recheck` names why it is asked again."""
        about = _about(claim, target_url, author, content)
        if recheck:
            about["recheck_reason"] = recheck
        answer = self._ask("comment_check", user_ip=claim.sender_ip, **about)
        return AkismetAnswer(spam=bool(answer), discard=answer == akismet.CheckResponse.DISCARD)

    def submit_spam(self, claim: Claim, target_url: str, *, author: str = "", content: str = "") -> None:
        """Tell the service that it missed this spam, in the words it was asked with."""
        self._ask("submit_spam", user_ip=claim.sender_ip, **_about(claim, target_url, author, content))

    def submit_ham(self, claim: Claim, target_url: str, *, author: str = "", content: str = "") -> None:
        """Tell the service that this is honest, in the words it was asked with."""
        self._ask("submit_ham", user_ip=claim.sender_ip, **_about(claim, target_url, author, content))

    def verify_key(self) -> bool:
        """Whether the service knows the key for this blog."""
        return bool(self._ask("verify_key"))

    def _ask(self, method: str, **arguments: str) -> Any:
        transport = _ThroughFetcher(self._root, self._fetcher, self._timeout)
        with httpx.Client(transport=transport, headers=_headers(), trust_env=False) as http:
            try:
                client = akismet.SyncClient(config=self._config, http_client=http)
                return getattr(client, method)(**arguments)
            except Exception as error:
                raise self._unavailable(error, transport.help) from None

    def _unavailable(self, error: Exception, help_text: str) -> AkismetUnavailable:
        invalid = isinstance(error, akismet.APIKeyError)
        message = " ".join(filter(None, (_reason(error), help_text[:200])))
        return AkismetUnavailable(message.replace(self._config.key or "\0", "(key)"), invalid_key=invalid)


def said(claim: Claim, evidence: Evidence) -> tuple[str, str]:
    """Author and content to ask Akismet with: the claim's, or the page's where the claim is silent."""
    author = claim.author or evidence.author or evidence.site_name
    text = "\n\n".join(filter(None, (claim.title, claim.excerpt)))
    page = "\n\n".join(filter(None, (evidence.title, evidence.excerpt or evidence.sentence.text)))
    return author, text or page


class _ThroughFetcher(httpx.BaseTransport):
    """Carries the library's requests, whose address is fixed, to `root` by the fetcher's connections."""

    def __init__(self, root: str, fetcher: Fetcher, timeout: float) -> None:
        self._root, self._fetcher, self._timeout = root, fetcher, timeout
        self.help = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: request.headers[name] for name in ("Content-Type", "User-Agent")}
        url = self._root + request.url.raw_path.decode("ascii")
        try:
            page = self._fetcher.post(url, request.read(), headers=headers, deadline=self._timeout)
        except FetchError as error:
            raise httpx.TransportError(str(error.detail)) from error
        kept = {name: page.header(name) for name in _KEPT_HEADERS if page.header(name)}
        self.help = kept.get("X-akismet-debug-help", "")
        return httpx.Response(page.status, headers=kept, content=page.body.strip(), request=request)


def _about(claim: Claim, target_url: str, author: str, content: str) -> dict[str, str]:
    return {
        "comment_type": str(claim.kind),
        "comment_author": author or claim.author,
        "comment_author_url": claim.source_url,
        "comment_content": content or "\n\n".join(filter(None, (claim.title, claim.excerpt))),
        "permalink": target_url,
        "user_agent": claim.user_agent,
        "referrer": claim.referrer,
        "blog_charset": "UTF-8",
    }


def _headers() -> dict[str, str]:
    return {"User-Agent": akismet.USER_AGENT}


def _reason(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(error, akismet.APIKeyError):
        return "The service does not know the key."
    if isinstance(cause, httpx.HTTPStatusError):
        return f"The service answered with status {cause.response.status_code}."
    if isinstance(cause, httpx.TransportError):
        return f"The service could not be reached ({cause})."
    return "The service gave an answer that makes no sense."
