"""What the sender says, and how the page around the link reads."""

import re

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.words import any_of, runs, shared, shop_words, trade_words, words
from blog_linkbacks.vocabulary import Outcome, Response, Subject

# What programs that post excerpts of other blogs write around them.
_PROGRAMS = any_of(
    r"wrote an? (?:very )?(?:interesting|fantastic|great|nice) (?:blog )?post (?:today )?(?:on|about)\b",
    r"here(?:['’]s| is) an? (?:quick|short|brief) (?:excerpt|quote)\b",
    r"you (?:will|can) find \d+ (?:more|additional|other) infos?\b",
    r"more(?: (?:infos?|here|on (?:this|that) topic)){0,2}:? *(?:https?://|\[url)",
    r"read more:? *(?:https?://\S+ *)?\[?(?:\.\.\.|…)\]?",
    r"the post .{3,200} (?:appeared first on|first appeared on)\b",
    r"(?:bookmarked|trackback) (?:your|this) (?:link|post|site|page)\b",
)
# Praise and thanks that would fit under any post.
_PRAISE = any_of(
    r"(?:great|nice|good|awesome|excellent|amazing|superb|informative|useful) "
    r"(?:article|post|blog|site|website|info|information|content|stuff|work|share|read)\b[^.]{0,20}[!,.]",
    r"thank(?:s| you)(?: (?:so|very) much| a lot)? for (?:sharing|(?:the|this|your|such)\b[^.]{0,30}info)",
    r"(?:keep up the|incredible|impressive|fantastic) (?:\w+ )?(?:work|job)",
    r"(?:i|we) (?:(?:really|truly|just) )?(?:like|love|enjoy|enjoyed|appreciate) "
    r"(?:what you|your (?:site|blog|post|article|writing))",
    r"(?:never|rarely) (?:found|find|read|seen|saw) (?:any |an? )?(?:such )?(?:\w+ )?(?:article|blog|site)",
    r"your (?:\w+ )?(?:article|post|blog|site|website|web page) (?:really |is |was |has |are )+\w+",
    r"this (?:site|website|blog|article|post) (?:was|is)\b[^.]{0,40}(?:great|awesome|helpful|useful)",
    r"(?:article|post) is (?:\w+ ){1,3}(?:to|and) (?:peruse|read|understand)",
)
# What shops, call centres and money makers say.
_OFFERS = any_of(
    r"(?:visit|check out|see|view|surf|take a look at) (?:my|our) (?:\w+ )?"
    r"(?:site|website|web site|page|homepage|blog|channel|shop|store)",
    r"(?:check|visit) (?:out )?(?:my|our) website|subscribe (?:to )?(?:my|me|our)\b",
    r"my (?:homepage|web-?site|youtube channel)\b",
    r"(?:make|earn|making|earning) (?:\w+ )?(?:money|cash|\$ ?\d[\d,]*\+?)"
    r"(?: \w+)? (?:online|from home|per|a (?:day|week|month))",
    r"(?:toll.?free|support|customer care|customer service|phone|helpline) (?:phone )?number\b",
    r"money.back\b|(?:save|get) up to \d+ ?%|\d+ ?% off\b|results in \d+ days\b",
    r"(?:free|fast|worldwide) (?:shipping|delivery)\b|shipped worldwide\b",
    r"(?:promo|coupon|discount|voucher) codes?\b|apply (?:now|today)\b|free spins\b|instant approval\b",
    r"guaranteed (?:profits?|returns?|results|approval)\b|double your (?:money|bitcoins?)\b",
    r"(?:submit|add) your (?:\w+ )?(?:site|website|link|url)\b|link exchange\b|write for us\b",
    r"jetzt (?:kaufen|bestellen)\b|ach(?:etez|eter) (?:maintenant|en ligne)\b|comprar? (?:ahora|online)\b",
    r"купить (?:онлайн|сейчас|недорого)\b|заказать (?:онлайн|сейчас)\b",
    r"(?:low|lowest|best|cheap|cheapest) prices?\b|compare (?:offers|prices)\b",
    r"buy [\w -]{2,40} online\b|(?:order|buy|shop|join|call) (?:now|here|free|today)\b|click now\b",
    r"(?:sign ?up|welcome|deposit) bonus\b|no (?:deposit|prescription)(?: \w+)? (?:required|needed)",
    r"as an? \w+ associate\b|(?:earn|may earn|earns?) (?:an? )?(?:\w+ )?(?:commissions?|from qualifying)|"
    r"affiliate (?:links?|commission|disclosure)\b|(?:check|see|view) (?:the )?(?:latest )?price\b",
    r"(?:top|best)[ -]rated (?:\w+ )?(?:services?|agency|company)\b|(?:24/7|24x7) (?:support|service|help)\b",
)
# How much of each text is searched for phrases, in characters.
_READ = 2_000
_PAGE_READ = 20_000

_LINKS = re.compile(r"https?://|<a\s|\[url|\[link", re.IGNORECASE)


def claim_matches(subject: Subject) -> View:
    claim, seen = subject.claim, subject.evidence
    if not claim.excerpt and not claim.title:
        return abstains("The sender said nothing of its own to compare.")
    if seen.outcome is not Outcome.LINKED or len(words(seen.text)) < 5:
        return abstains("There is no page text to compare the sender's words with.")
    page = f"{seen.site_name} {seen.title} {seen.text}"
    title = shared(frozenset(map(hash, words(claim.title))), frozenset(map(hash, words(page))))
    excerpt = shared(runs(claim.excerpt, 3), runs(page, 3)) if claim.excerpt else title
    found = 0.3 * title + 0.7 * excerpt
    if found >= 0.6:
        return says(-0.2, "What the sender says stands on the page.")
    return says(0.9 - found, f"Only {found:.0%} of what the sender says stands on the page.")


def stock_phrases(subject: Subject) -> View:
    read = f"{_spoken(subject)}\n{subject.evidence.text[:_PAGE_READ]}"
    found = {match.group().lower(): match.group() for match in _PROGRAMS.finditer(read.lower())}
    if not found:
        return abstains("No phrase that linking programs are known for.")
    phrase = _short(next(iter(found.values())))
    return says(0.3 + 0.35 * len(found), f"A phrase of linking programs: “{phrase}”.")


def praise(subject: Subject) -> View:
    if subject.evidence.response is not Response.MENTION:
        return abstains("Praise is what one expects of an answer.")
    said = [match.group() for match in _PRAISE.finditer(_claimed(subject).lower())]
    if said:
        return says(0.4 + 0.2 * len(said), f"Praise that would fit any post: “{_short(said[0])}”.")
    found = _PRAISE.search(_spoken(subject).lower())
    if found:
        return says(
            0.2,
            f"The sentence around the link praises as one could praise any post: “{_short(found.group())}”.",
        )
    return abstains("No praise that would fit any post.")


def offers(subject: Subject) -> View:
    said = {m.group().lower() for m in _OFFERS.finditer(_spoken(subject).lower())}
    page = {m.group().lower() for m in _OFFERS.finditer(subject.evidence.text[:_PAGE_READ].lower())} - said
    strength = 0.35 * len(said) + 0.2 * max(0, len(page) - 1)
    if strength == 0:
        return abstains("No phrases of selling.")
    some = ", ".join(f"“{_short(phrase)}”" for phrase in sorted(said or page)[:3])
    return says(strength, f"Phrases of selling: {some}.")


def trades(subject: Subject) -> View:
    claim, post = subject.claim, f"{subject.target.title} {subject.target.text}"
    sold = trade_words(f"{claim.title} . {claim.excerpt} . {claim.author}", besides=post)
    shop = shop_words(f"{claim.title} {claim.author}")
    if sold:
        return says(0.25 + 0.2 * len(sold), f"The sender's words sell: {', '.join(sold[:4])}.")
    if len(shop) >= 2:
        return says(0.15 * len(shop), f"The sender speaks as a shop does: {', '.join(shop[:4])}.")
    return abstains("The sender's words sell nothing.")


def links_said(subject: Subject) -> View:
    number = len(_LINKS.findall(f"{subject.claim.title} {subject.claim.excerpt} {subject.claim.author}"))
    if not number:
        return abstains("The sender's text carries no links.")
    return says(0.2 + 0.25 * number, f"The sender's text carries {counted(number, 'link')}.")


def name(subject: Subject) -> View:
    claim = subject.claim
    if not claim.author or not claim.title:
        return abstains("The sender gave no name to look at.")
    if words(claim.author) == words(claim.title):
        return says(0.6, "The sender's name is the title again.")
    if len(words(claim.author)) > 10 or claim.author.count(",") > 2:
        return says(0.7, "The sender's name is a list of search words.")
    return says(-0.1, "The sender's name reads as a name.")


def topic(subject: Subject) -> View:
    ours, theirs = topics(subject.target.text), topics(subject.evidence.text)
    if len(ours) < 20 or len(theirs) < 10:
        return abstains("There is too little text to say what it is about.")
    if shared(runs(subject.evidence.text), runs(subject.target.text)) >= 0.3:
        return abstains("The page repeats the post, so it cannot but be about the same things.")
    near = len(ours & theirs) / min(len(ours), len(theirs))
    if near >= 0.2:
        return says(-min(0.6, near * 1.5), "The page is about the same things as the post.")
    if near < 0.04:
        return says(0.3, "The page is about other things than the post.")
    return says(0.0, "The page is only partly about the same things as the post.")


def _claimed(subject: Subject) -> str:
    return f"{subject.claim.title[:_READ]}\n{subject.claim.excerpt[:_READ]}"


def _spoken(subject: Subject) -> str:
    """What the sender says, and the sentence around the link."""
    sentence = subject.evidence.sentence
    return f"{_claimed(subject)}\n{sentence.text[:_READ]}"


def topics(text: str) -> frozenset[str]:
    """The longer words of a text."""
    return _topics(text)


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if len(word) > 5)


_topics = Remembered(_long_words)


def _short(phrase: str) -> str:
    return " ".join(phrase.split())[:60]


CHECKS = (
    Check("text.claim_matches", "text", 3.5, claim_matches),
    Check("text.stock_phrases", "text", 6.3, stock_phrases),
    Check("text.praise", "text", 3.5, praise, version=2),
    Check("text.offers", "text", 4.2, offers),
    Check("text.trades", "text", 4.2, trades),
    Check("text.links_said", "text", 3.5, links_said),
    Check("text.name", "text", 1.4, name),
    Check("text.topic", "text", 1.4, topic),
)
