"""Who profits by the page: told from its buttons, prices, paid links and advertising rather than from its words."""

import re
from collections.abc import Iterator

from blog_linkbacks.scoring.checks.anchors import money_links
from blog_linkbacks.scoring.checks.copy import said_elsewhere
from blog_linkbacks.scoring.checks.selling import urging_of
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.trades import hints, host_hints
from blog_linkbacks.scoring.words import any_of, lines_of, runs, shared
from blog_linkbacks.urls import host
from blog_linkbacks.vocabulary import Evidence, Response, Subject

_READ, _LABEL_READ, _A_CALL, _A_PRICED_LINE = 20_000, 12, 60, 8
# What a button says that sells; “subscribe” or “contact us” may stand on anybody's page.
_CALLS = lines_of(
    r"(?:buy|order|shop|bet|book|call|play|apply|claim|enrol|trade|invest|rush)\b(?: \S+){0,3}? "
    r"(?:now|today|here|online|free|bonus|bottle)\b",
    r"(?:buy|order|bet|claim)$|(?:join|register|sign up|start|watch|download) now\b",
    r"add to (?:cart|basket|bag|trolley)\b|checkout\b",
    r"show (?:code|coupon|deal)\b|(?:get|reveal|copy) (?:code|coupon)\b",
    r"(?:view|see|get|grab) (?:the |this |my )?(?:deal|offer|discount|bonus|price|best price)s?\b",
    r"free (?:trial|quote)\b",
    r"(?:claim|get|redeem) (?:your|my|the|a) (?:\w+ )?(?:bonus|bottle|spot|discount|offer|coupon|free)\b",
    r"get (?:a )?(?:free|instant) \w+|open (?:an )?account\b",
    r"(?:fast|direct|download) (?:mirror|link)\b|watch (?:online|free)\b",
    r"(?:check|see) (?:latest |current |the )?prices?\b",
    r"(?:visit|go to) (?:casino|site|store|shop)\b|(?:rent|hire) (?:me|us|now)\b",
    r"(?:jetzt|hier|gleich) (?:kaufen|bestellen|spielen|sichern|buchen|anfordern)\b",
    r"in den warenkorb\b|zum (?:shop|angebot)\b",
    r"(?:ajouter au panier|acheter|commander|j['’]en profite|voir l['’]offre|jouer maintenant)\b",
    r"(?:añadir al carrito|comprar?|pedir|ver oferta|jugar) ?(?:ahora|ya)?$",
    r"(?:comprar|adicionar ao carrinho)\b",
    r"(?:acquista|aggiungi al carrello|gioca ora|scopri l['’]offerta)\b",
    r"(?:kup teraz|do koszyka|zamów|zagraj)\b",
    r"(?:koop nu|bestel nu|in winkelwagen|köp nu|kjøp nå|osta nyt|satın al|hemen oyna|sepete ekle)\b",
    r"(?:купить|заказать|в корзину|играть|скачать|получить бонус)\b",
)
_CALLS_UNSPACED = re.compile(
    "立即(?:购买|注册|下载|投注)|加入购物车|カートに入れる|今すぐ|ご購入|구매하기|장바구니"
)
# How a page, or the law for it, names what somebody paid for; at the head of a line of its own.
_LABELS = lines_of(
    r"advertorial\b",
    r"(?:sponsored|paid|partnered|promoted|branded) (?:content|post|article|story|partnership|feature)\b",
    r"(?:promoted|paid for) by\b|partner content\b|paid (?:promotion|placement)\b",
    r"this (?:is a |article is |post is |post was |article was |content is )"
    r"(?:an? )?(?:sponsored|paid|advertorial|promotional)",
    r"anzeige$|(?:werbung|publi-?(?:rédactionnel|communiqué|reportage)|article sponsorisé|publirreportaje)\b",
    r"(?:contenido|contenuto|conteúdo|artículo|articolo) (?:patrocinado|sponsorizzato|promocional)\b",
    r"reklama$|на правах рекламы\b",
    r"(?:as (?:seen|featured) (?:on|in)|in the press|featured (?:on|in)|trusted by)\W*$",
    r"(?:as seen on|featured in)\b",
)
# What pages say that offer others' works for a download or a view.
_LURES = any_of(
    r"(?:full|free|hd) (?:movie|episode|season|match|album)s?\b|watch (?:\w+ ){1,6}(?:online|free|full|hd)\b",
    r"(?:seeds?|seeders) \d+|\d+ (?:seeds?|seeders|leechers)\b",
    r"leechers \d+|magnet\b|torrents?\b|(?:123movies|putlocker)\b",
    r"(?:disable|turn off) (?:your )?ad ?block",
    r"(?:1080p|720p|4k uhd|hdrip|web-?dl|bluray)\b|does not (?:store|host) any files\b",
    r"(?:full version|keygen|crack(?:ed)?|serial key|license key|activation (?:key|code))\b",
    r"(?:patched|\.zip|\.apk|mod apk)\b",
    r"(?:people|users) (?:are|also) download(?:ing|ed)",
    r"download(?:ing|s)? (?:\w+ ){0,5}(?:free|full|now|here|pdf|epub|mp3|apk)\b",
    r"without (?:registration|sign(?:ing)? up)\b",
    r"no (?:registration|survey|sign ?up)\b|live ?stream(?:ing)? free\b",
)
# Text without any of these is not searched for lures.
_STEMS = (
    "movie", "episode", "watch ", "stream", "seed", "leech", "torrent", "ad block", "adblock", "1080p", "720p", "crack",
    "keygen", "serial", "full version", "download", "apk", "registration", "patched", "activation",
)  # fmt: skip
_PRICE = re.compile(r"[$€£¥₽₹]\s?\d|\d\s?(?:€|zł|kr\b|руб|usd\b|eur\b)", re.IGNORECASE)
_OFFICES = any_of(
    r"(?:by|author|posted by|written by|von|par|por)\W{1,4}(?:admin|administrator|editor|webmaster|staff|news ?bot|"
    r"auto ?poster|guest ?post(?:er)?|bot|content team|editorial team)\b"
)
_OFFICE = re.compile(
    r"(?:admin|administrator|editor|webmaster|staff|news ?bot|auto ?poster|bot)s?\b", re.IGNORECASE
)
_MINE_ENOUGH = 0.3


def calls(subject: Subject) -> View:
    found = _called(subject.evidence)
    if not found:
        return abstains("No button or link of the page asks its readers to buy, to play or to download.")
    some = ", ".join(f"“{call[:30]}”" for call in found[:3])
    return says(0.15 + 0.2 * len(found), f"Its buttons ask readers for their money or their clicks: {some}.")


def prices(subject: Subject) -> View:
    number = sum(1 for line in _short_lines(subject.evidence, _A_PRICED_LINE) if _PRICE.search(line))
    if number < 2:
        return abstains("The page is no list of prices.")
    return says(
        0.1 * number,
        f"{counted(number, 'price stands', 'prices stand')} on the page, each in a line of its own.",
    )


def label(subject: Subject) -> View:
    hit = _LABELS.search("\n".join(_short_lines(subject.evidence, _LABEL_READ)).lower())
    if hit is None:
        return abstains("Nothing on the page is marked as paid for.")
    return says(0.9, f"The page says that it is paid for, or boasts as adverts do: “{hit.group()}”.")


def lures(subject: Subject) -> View:
    seen = subject.evidence
    read = f"{seen.title}\n{seen.text[:_READ]}".lower()
    read = read if any(stem in read for stem in _STEMS) else ""
    found = {" ".join(hit.group().split()) for hit in _LURES.finditer(read)}
    found |= {words for sort, words in seen.gains or () if sort == "lure"}
    if len(found) < 2:
        return abstains("The page does not offer others' works for a download or a view.")
    some = ", ".join(f"“{phrase[:30]}”" for phrase in sorted(found)[:3])
    return says(0.15 * len(found), f"It offers works for a download or a view: {some}.")


def paid(subject: Subject) -> View:
    """Honest reviewers name their paid links too, in a text of their own; so this alone says little."""
    found = [address for sort, address in subject.evidence.gains or () if sort == "paid"]
    if not found:
        return abstains("No link of the page is counted for somebody.")
    return says(
        0.1 + 0.08 * len(found),
        f"{counted(len(found), 'link')} of the page paid for, or counted for somebody.",
    )


def resold(subject: Subject) -> View:
    """Advertising is as honest as the text it pays for: beside somebody else's, it is what the copy is there for."""
    seen = subject.evidence
    if not any(sort == "advert" for sort, _ in seen.gains or ()) or seen.response is not Response.MENTION:
        return abstains("There is no advertising on the page.")
    if said_elsewhere(subject):
        return says(1.0, "There is advertising around a text that the page says is from elsewhere.")
    borrowed = shared(runs(seen.text), runs(subject.target.text))
    if borrowed >= _MINE_ENOUGH:
        return says(
            0.4 + borrowed, f"There is advertising around a text of which {borrowed:.0%} is this post's."
        )
    if _OFFICES.search(seen.text[:_READ].lower()) or _OFFICE.match(seen.author):
        return says(0.3, "There is advertising on the page, and nobody's name on its text.")
    return abstains("There is advertising on the page, beside a text of its own.")


def nobody(subject: Subject) -> View:
    """Spam is there for somebody's gain. This is worth what can be seen of a page, so it clears nothing by itself."""
    seen = subject.evidence
    if seen.gains is None or seen.response is not Response.MENTION:
        return abstains("Who profits by the page was not looked at.")
    if any(sort != "button" for sort, _ in seen.gains) or _called(seen):
        return abstains("Somebody earns by the page.")
    if hints((*seen.anchors, *seen.keywords)) or any(map(host_hints, (*seen.sites, host(seen.final_url)))):
        return abstains("Some of its links, or its own name, may sell.")
    if (money_links(subject).strength or 0.0) > 0 or len(urging_of(seen.text[:_READ])) >= 2:
        return abstains("The page may be there to sell something.")
    return says(-0.5, "Nobody is seen to earn by the page: it has no advertising, no shop, no paid links.")


def _called(seen: Evidence) -> list[str]:
    """What its buttons and short links ask for."""
    buttons = (said for sort, said in seen.gains or () if sort == "button")
    short = [text for text in (*buttons, *seen.anchors, *seen.own_anchors) if len(text) <= _A_CALL]
    read = "\n".join(short).lower()
    found = [hit.group() for hit in _CALLS.finditer(read)]
    return list(dict.fromkeys(found if read.isascii() else [*found, *_CALLS_UNSPACED.findall(read)]))


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(text[:_READ].split("\n"))


def _short_lines(seen: Evidence, most: int) -> Iterator[str]:
    return (line for line in _lines(seen.text) if len(line) < 120 and len(line.split()) <= most)


_lines = Remembered(_lines_of)

CHECKS = (
    Check("profit.calls", "profit", 3.5, calls),
    Check("profit.prices", "profit", 1.4, prices),
    Check("profit.label", "profit", 4.2, label),
    Check("profit.lures", "profit", 3.5, lures),
    Check("profit.paid", "profit", 2.8, paid),
    Check("profit.resold", "profit", 6.3, resold),
    Check("profit.nobody", "profit", 1.4, nobody),
)
