"""Akismet, or a service that speaks as it does: asked through the one door to the network."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import akismet
import httpx

from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.scoring.akismet_breaker import Breaker, Trouble

DEFAULT_ROOT = "https://rest.akismet.com"
MAX_RECHECK = 3600.0

_SUSPENDED = frozenset({"10001", "10003", "10006", "10009", "10010", "10402"})
_NOT_OURS = frozenset({"10403", "10404"})
_HELD_BACK = (402, 429)


@dataclass(frozen=True, slots=True)
class AkismetAnswer:
    """Spam or not; `discard` marks spam so plain that the service would not even keep it.

    `again_after` is the number of seconds after which the service wants to be asked again because it is not sure
    yet; 0 where the answer is final.
    """

    spam: bool
    discard: bool = False
    guid: str = ""
    again_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Questions asked this month; `limit` None where the plan has none."""

    used: int
    limit: int | None
    throttled: bool


class AkismetUnavailable(Exception):  # noqa: N818 - it says what is the case, and callers read it so
    """The service gave no usable answer. The text says why and never holds the key.

    `again_after` is how many seconds it is left alone now; `asked` is false where it was not even asked.
    """

    def __init__(self, message: str, trouble: Trouble, again_after: float = 0.0, asked: bool = True) -> None:
        super().__init__(message)
        self.message, self.trouble = message, trouble
        self.again_after, self.asked = again_after, asked

    @property
    def invalid_key(self) -> bool:
        return self.trouble is Trouble.KEY


class AkismetClient:
    """One site's account. `root` is the service's root, `timeout` seconds for a whole exchange.

    Every method raises AkismetUnavailable, and nothing else, where the service gives no usable answer. While
    `breaker` keeps it alone no request goes out, except to verify the key and to read the usage.
    """

    def __init__(
        self,
        key: str,
        root: str,
        blog: str,
        fetcher: Fetcher,
        timeout: float = 5.0,
        breaker: Breaker | None = None,
    ) -> None:
        self.blog = blog
        self._key = key
        self._root = (root or DEFAULT_ROOT).rstrip("/")
        self._fetcher = fetcher
        self._timeout = timeout
        self.breaker = breaker or Breaker()

    def check(self, form: Mapping[str, str]) -> AkismetAnswer:
        """Ask about a form as `akismet_form.form` gives it."""
        answer, heard = self._ask("comment_check", form)
        return AkismetAnswer(
            spam=bool(answer),
            discard=answer == akismet.CheckResponse.DISCARD,
            guid=heard.header("guid")[:200],
            again_after=0.0 if answer else _seconds(heard.header("recheck-after")),
        )

    def submit_spam(self, form: Mapping[str, str]) -> None:
        """Tell the service that it missed this spam, in the very form it was asked with."""
        self._ask("submit_spam", form)

    def submit_ham(self, form: Mapping[str, str]) -> None:
        """Tell the service that this is honest, in the very form it was asked with."""
        self._ask("submit_ham", form)

    def verify_key(self) -> bool:
        """Whether the service knows the key for this blog: if so any pause ends, if not one begins."""
        valid, heard = self._call("verify_key")
        if valid:
            self.breaker.closed(_clean(heard.header("alert-msg"), self._key))
        elif heard.header("alert-code") in _SUSPENDED:
            raise self._unavailable(ValueError(), heard)
        elif self.breaker.paused() is None:
            self.breaker.failed(Trouble.KEY, "The service does not know the key.")
        return bool(valid)

    def usage(self) -> Usage:
        """How much of the plan is used up this month."""
        told, heard = self._call("usage_limit")
        if not isinstance(told, dict) or not isinstance(told.get("usage"), int | str):
            raise self._unavailable(ValueError(), heard)
        limit = _whole(told.get("limit"))
        return Usage(_whole(told["usage"]) or 0, limit, told.get("throttled") in (True, "true", 1))

    def _ask(self, method: str, form: Mapping[str, str]) -> tuple[Any, "_ThroughFetcher"]:
        paused = self.breaker.paused()
        if paused is not None:
            raise AkismetUnavailable(paused.words, paused.trouble, paused.seconds, asked=False)
        try:
            answer, heard = self._call(method, **form)
            if not answer and heard.header("alert-code") in _SUSPENDED | _NOT_OURS:
                raise self._unavailable(ValueError(), heard)  # a "not spam" that nobody looked for
        except AkismetUnavailable as error:
            error.again_after = self.breaker.failed(error.trouble, error.message, error.again_after)
            raise
        self.breaker.closed(_clean(heard.header("alert-msg"), self._key))
        return answer, heard

    def _call(self, method: str, **form: str) -> tuple[Any, "_ThroughFetcher"]:
        heard = _ThroughFetcher(self._root, self._fetcher, self._timeout)
        config = akismet.Config(key=self._key, url=form.pop("blog", self.blog))
        with httpx.Client(
            transport=heard, headers={"User-Agent": akismet.USER_AGENT}, trust_env=False
        ) as http:
            try:
                client = akismet.SyncClient(config=config, http_client=http)
                return getattr(client, method)(**form), heard
            except Exception as error:
                raise self._unavailable(error, heard) from None

    def _unavailable(self, error: Exception, heard: "_ThroughFetcher") -> AkismetUnavailable:
        trouble = _trouble(error, heard)
        told = heard.header("alert-msg") or heard.header("debug-help")
        words = " ".join(filter(None, (_reason(error, trouble, heard), _clean(told, self._key))))
        return AkismetUnavailable(
            words.replace(self._key or "\0", "(key)"), trouble, _seconds(heard.retry_after)
        )


class _ThroughFetcher(httpx.BaseTransport):
    """Carries the library's requests, whose address is fixed, to `root` by the fetcher's connections.

    It remembers the answer's status and headers, of which the library gives only some. Redirects are not followed:
    they would take the key elsewhere.
    """

    def __init__(self, root: str, fetcher: Fetcher, timeout: float) -> None:
        self._root, self._fetcher, self._timeout = root, fetcher, timeout
        self._headers: dict[str, str] = {}
        self.status = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            page = self._fetch(request)
        except FetchError as error:
            raise httpx.TransportError(error.detail) from error
        self.status = page.status
        self._headers = {name.lower(): value for name, value in reversed(page.headers)}
        kept = {"X-akismet-pro-tip": self.header("pro-tip"), "Content-Type": page.header("Content-Type")}
        return httpx.Response(page.status, headers=kept, content=page.body.strip(), request=request)

    def header(self, name: str) -> str:
        """The value of X-akismet-…, empty where there is none."""
        return self._headers.get(f"x-akismet-{name}", "").strip()

    @property
    def retry_after(self) -> str:
        return self._headers.get("retry-after", "")

    def _fetch(self, request: httpx.Request) -> Any:
        url = self._root + request.url.raw_path.decode("ascii")
        headers = {"User-Agent": request.headers["User-Agent"]}
        if request.method == "GET":
            return self._fetcher.get(url, headers=headers, deadline=self._timeout, max_redirects=0)
        headers["Content-Type"] = request.headers["Content-Type"]
        return self._fetcher.post(
            url, request.read(), headers=headers, deadline=self._timeout, max_redirects=0
        )


def _trouble(error: Exception, heard: _ThroughFetcher) -> Trouble:
    code = heard.header("alert-code")
    if code in _SUSPENDED or heard.status in _HELD_BACK:
        return Trouble.LIMIT
    if isinstance(error, akismet.APIKeyError) or code in _NOT_OURS or heard.status in (401, 403):
        return Trouble.KEY
    away = not heard.status or heard.status >= 300
    return Trouble.AWAY if away else Trouble.GARBLED


def _reason(error: Exception, trouble: Trouble, heard: _ThroughFetcher) -> str:
    if trouble is Trouble.LIMIT:
        return "The service takes no more questions with this key for now."
    if trouble is Trouble.KEY:
        return "The service does not know the key."
    if isinstance(error.__cause__, httpx.TransportError):
        return f"The service could not be reached ({error.__cause__})."
    if not heard.status:
        return "The question could not be sent."
    if trouble is Trouble.AWAY:
        return f"The service answered with status {heard.status}."
    return "The service gave an answer that makes no sense."


def _clean(told: str, key: str) -> str:
    """What the service says of itself, as one short line of plain text without the key."""
    text = re.sub(r"<[^>]*>|[^ -~\u00a0-\uffff]+", " ", told)
    return " ".join(text.split())[:200].replace(key or "\0", "(key)")


def _seconds(text: str) -> float:
    number = _whole(text) or 0
    return float(min(max(number, 0), MAX_RECHECK))


def _whole(value: object) -> int | None:
    try:
        return int(json.loads(str(value)))
    except (ValueError, TypeError, OverflowError):
        return None
