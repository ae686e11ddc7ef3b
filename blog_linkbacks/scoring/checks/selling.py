"""What the page and its address sell: told from names, short link texts and search words, hardly from the text."""

import re
from collections.abc import Sequence
from itertools import chain

from blog_linkbacks.scoring.checks.prose import ENGLISH, tongue_of
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.trades import hints, host_hints, subject_of, trades_of
from blog_linkbacks.scoring.words import any_of, host_trades, shop_words, trade_words, words
from blog_linkbacks.urls import host
from blog_linkbacks.vocabulary import Subject

_READ = 20_000
# Software gives all its pages the same few words.
_KEYWORDS_ENOUGH = 6
# How a text speaks to readers whose money it wants.
_URGING = any_of(
    r"(?:order|buy|claim|grab|book|register|sign up|join|subscribe|apply|enrol|hurry|act|get started|shop|play|bet) "
    r"(?:\w+ ){0,4}(?:today|now|online|instantly|here)\b",
    r"(?:claim|grab|get|receive|double|boost|increase|maximi[sz]e) your\b|your (?:first )?(?:deposit|bonus|order)\b",
    r"our (?:\w+ )?(?:writers|experts|specialists|partners?|services?|casino|pharmacy|shop|store|clinic|products?)\b",
    r"(?:pay|paid|payment) (?:by|with) (?:card|crypto|bitcoin|paypal)\b|discreet (?:\w+ )?(?:delivery|shipping)\b",
    r"(?:play responsibly|18\+|not financial advice|terms (?:and conditions )?apply|results may vary)",
    r"without (?:a )?prescription\b|no prescription\b|plagiarism.free\b|money.back\b|risk.free\b",
    r"(?:free|instant) (?:quote|consultation|trial|estimate|shipping|delivery|spins|withdrawals?|approval)\b",
    r"(?:join|follow) (?:us|our|my) (?:\w+ )?(?:telegram|whatsapp|discord|group|channel)\b|trading signals\b",
    r"(?:best|top|trusted|leading|number one|#1) (?:\w+ )?(?:casino|provider|company|brand|site|agency|service)s?\b",
    r"we(?:['’]ve| have)? (?:tested|reviewed|compared|ranked|accept|offer|provide|guarantee)\b",
    r"(?:add to (?:cart|basket|bag)|in stock|checkout|limited (?:time|offer)|while stocks last)\b",
    r"call (?:us )?(?:now|today)\b",
    r"(?:ten|\d+) ?(?:times|x) (?:your|their) money\b|(?:early )?investors have already\b|24/7\b",
    r"(?:welcome|deposit|sign.?up) (?:bonus|offer)\b|(?:fifty|\d+) free spins\b|casino (?:ждёт|бонус)\b",
    r"(?:contact|call|visit|ask|trust) us (?:\w+ )?(?:today|now|for|to)\b|book (?:a|your) (?:viewing|call|demo|tour)\b",
    r"our (?:\w+ )?(?:agents|team|advis[eo]rs|professionals|technicians|locksmiths|psychics|clients|customers)\b",
    r"(?:secure|reserve|book) your\b|before (?:prices|it ends|it['’]s too late)\b",
    r"\d+ ?% (?:off|discount|de (?:descuento|réduction|remise|desconto)|rabatt|di sconto|korting|zniżki|скидк)",
    r"our (?:\w+ )?(?:practice|lab|clinic|office|reception|dentists?|doctors|patients|guests|engineers|retailers)\b",
    r"(?:leading|premier|market|award.winning) (?:provider|leader|supplier|manufacturer|retailer)s?\b",
    r"available now\b|press release\b|media contact\b|newswire\b|announce[sd] the launch\b",
    r"use (?:the )?(?:\w+ )?code \w+|(?:special|best|lowest|introductory) price\b|book online\b",
    r"buy it (?:directly|here)\b",
    r"follow (?:me|us) (?:for|on)\b|follow ?back\b|giveaway\b",
    r"(?:see|watch) me live\b|i am online now\b|come and see my (?:photos|pics|pictures)\b|text me (?:now|tonight)\b",
    r"i (?:started|invested|began) with (?:just |only )?[$€£]?\d|(?:made|earned) (?:over |me )?[$€£]?\d[\d,.]* ?"
    r"(?:dollars|euros|usd|a (?:day|week|month))|retired? at \d\d\b|financial freedom\b|quit my (?:day )?job\b",
    r"free (?:estimates?|inspections?)\b|licen[sc]ed and insured\b|#1 rated\b|(?:is )?our special(?:i)?ty\b",
    r"open (?:for|to) new members\b|\d+ dollars and after\b|sign up (?:is )?(?:free|before)\b",
)
# The same in other tongues.
_URGING_ELSEWHERE = any_of(
    r"jetzt (?:\w+ ){0,3}(?:registrieren|kaufen|bestellen|sichern|anmelden|spielen|anfordern|buchen|vergleichen)\b",
    r"(?:bonus|rabatt|angebot) sichern\b|unsere (?:\w+ )?(?:experten|angebote|leistungen|berater|kunden)\b",
    r"kostenlose[sn]? (?:angebot|beratung|lieferung|probe)|(?:die )?(?:ersten?|online) \w+ kostenlos\b",
    r"(?:demandez|obtenez|commandez|achetez|profitez|simulez|inscrivez-vous|réservez|contactez-nous|cliquez)\b",
    r"devis gratuit\b|livraison (?:gratuite|offerte)\b|nos (?:\w+ )?(?:conseillers|experts|offres|services|clients)\b",
    r"(?:compra|compre|pide|solicita|regístrate|aprovecha|contrata|consigue|recibe|contáctanos) (?:\w+ )?"
    r"(?:ahora|hoy|tus?|su|ya|un|una)\b|nuestros? (?:\w+ )?(?:paquetes|servicios|expertos|clientes)\b|envío gratis\b",
    r"(?:acquista|ordina|richiedi|iscriviti|approfitta|registrati|contattaci) (?:\w+ )?(?:ora|subito|oggi|gratis)\b",
    r"(?:compre|peça|cadastre-se|aproveite|garanta|contrate) (?:\w+ )?(?:agora|hoje|já|seu|sua)\b|frete grátis\b",
    r"złóż wniosek\b|zamów (?:teraz|już)|kup teraz\b|już dziś\b|za darmo\b|nasi (?:eksperci|klienci)\b|bez zaświadcze",
    r"(?:bestel|koop|boek|meld je) (?:\w+ )?(?:nu|vandaag|direct)\b|gratis (?:verzending|offerte|levering)\b",
    r"(?:играйте|регистрация|выигрывайте|закажите|купите|звоните|оформите)\b|наши (?:специалисты|клиенты)\b",
    r"hemen (?:al|üye|başvur)|ücretsiz (?:kargo|üyelik)|beställ (?:nu|idag)|köp nu\b|bestill nå\b|købe? nu\b",
)
# In scripts that part no words.
_URGING_UNSPACED = re.compile(
    "立即(?:注册|加入|购买|下载)|领取|点击这里|优惠|存款|今すぐ|お申し込み|送料無料|お得な|지금 (?:가입|구매)|무료"
)


def title(subject: Subject) -> View:
    seen = subject.evidence
    named = f"{seen.title} {seen.site_name}"
    sold = trade_words(named, besides=_post(subject))
    shop = shop_words(named)
    if sold:
        return says(0.1 + 0.25 * len(sold) + 0.15 * len(shop), f"The page's title sells: {_some(sold)}.")
    if len(shop) >= 2:
        return says(0.15 * len(shop), f"The page's title speaks as a shop does: {_some(shop)}.")
    return abstains("Nothing in the page's title looks like an offer.")


def anchors(subject: Subject) -> View:
    said = subject.evidence.anchors
    if not trade_words(" . ".join(said)):
        return abstains("The page's other links do not sell anything.")
    hits = [a for a in said if trade_words(a, besides=_post(subject))]
    if not hits:
        return abstains("The page's other links do not sell anything.")
    share = len(hits) / len(said)
    sold = trade_words(" . ".join(hits))
    return says(
        0.1 * len(hits) + share,
        f"{len(hits)} of {counted(len(said), 'link')} on the page sell: {_some(sold)}.",
    )


def linked_sites(subject: Subject) -> View:
    sites = subject.evidence.sites
    sold = [site for site in sites if host_trades(site) or trade_words(site.replace("-", " "))]
    if not sold:
        return abstains("The sites that the page links to do not sell by their names.")
    return says(
        0.1 * len(sold) + len(sold) / len(sites), f"The page links to {_some(sold[:2])} and the like."
    )


def trades(subject: Subject) -> View:
    """Links for pills beside links for handbags: no honest site has that in common, whatever it is about."""
    seen = subject.evidence
    short = [*seen.anchors, *seen.own_anchors, *seen.keywords]
    found = hints(short)
    sites = [(site, trade) for site in seen.sites for trade in host_hints(site)]
    for site, trade in sites:
        found.setdefault(trade, set()).add(site)
    hits = len(set().union(*found.values()))
    share = hits / max(1, len(short))
    if hits < 2 or share < 0.08:
        return abstains("The page's links and search words do not speak of trades that live on spam.")
    if len(found) == 1 and not hints((*seen.anchors, *seen.keywords)) and not sites:
        return says(0.05, f"The site's own pages are about {_some(list(found))}.")
    if len(found) == 1:
        return says(min(0.4, share), f"Some of the page's links are about {_some(list(found))}.")
    strength = 0.2 * len(found) + share - 0.1
    return says(strength, f"The page's links and search words are about {_some(sorted(found))} at once.")


def keywords(subject: Subject) -> View:
    seen = subject.evidence
    if len(seen.keywords) < 3 or len(words(seen.text)) < 30:
        return abstains("The page gives search engines no words, or too few to look at.")
    sold = trade_words(" . ".join(seen.keywords), besides=_post(subject))
    if sold:
        return says(0.5 + 0.2 * len(sold), f"It gives search engines words that sell: {_some(sold)}.")
    page = f" {' '.join(words(f'{seen.title} {seen.site_name} {seen.text}'))} "
    foreign = [word for word in seen.keywords if f" {' '.join(words(word))} " not in page]
    share = len(foreign) / len(seen.keywords)
    if share < 0.8:
        return says(-0.05, "The words that the page gives search engines stand on it.")
    if len(foreign) < _KEYWORDS_ENOUGH and not hints(foreign):
        return says(
            0.05, "The words that it gives search engines do not stand on it; programs write such too."
        )
    return says(
        0.2 + 0.05 * len(foreign), f"It gives search engines words that it does not have: {_some(foreign)}."
    )


def body(subject: Subject) -> View:
    sold = trade_words(subject.evidence.text, besides=_post(subject))
    length = len(words(subject.evidence.text))
    if len(sold) < 3 or len(sold) * 150 < length:
        return abstains("The page's text does not read as an offer.")
    return says(0.15 * len(sold), f"The page's text sells: {_some(sold)}.")


def matter(subject: Subject) -> View:
    """What the text is about, and whether it urges the reader on: a report on a trade does not, an offer does."""
    read = subject.evidence.text[:_READ]
    length = len(words(read))
    trade, variety, often = subject_of(read, besides=_post(subject))
    urging = urging_of(read)
    steady = (variety >= 4 and often * 28 >= length) or (variety >= 2 and often * 20 >= length)
    if len(urging) < 2 and not steady:
        return abstains(
            "The page's text neither speaks of such a trade all along nor urges its readers to buy."
        )
    some = ", ".join(f"“{phrase[:30]}”" for phrase in sorted(urging)[:3])
    if not steady:
        return says(
            0.12 * len(urging) * _share(len(urging) * 100, length), f"The page urges its readers: {some}."
        )
    if not urging:
        return says(0.1 + 0.04 * min(variety, 4), f"The page's text is about {trade}.")
    return says(
        0.3 + 0.15 * len(urging) + 0.03 * variety, f"The page's text is about {trade}, and urges: {some}."
    )


def _urged(text: str) -> frozenset[str]:
    """The phrases that urge readers to buy; those of other tongues are looked for where the text is not in English."""
    lower = text.lower()
    hits = [_URGING.finditer(lower)]
    if tongue_of(text) != ENGLISH:
        hits.append(_URGING_ELSEWHERE.finditer(lower))
    found = {" ".join(hit.group().split()) for hit in chain.from_iterable(hits)}
    return frozenset(found if text.isascii() else found | set(_URGING_UNSPACED.findall(text)))


urging_of = Remembered(_urged)


def address_words(subject: Subject) -> View:
    seen = subject.evidence
    url = seen.final_url or subject.claim.source_url
    spelled, name = re.sub(r"[\W_]+", " ", url), host(url)
    # A path that repeats the title says nothing that the title has not said.
    sold = {*trade_words(spelled, besides=f"{_post(subject)} {seen.title}"), *host_trades(name)}
    shop, hyphens = shop_words(spelled), name.removeprefix("xn--").count("-")
    if sold:
        return says(0.4 + 0.2 * len(sold) + 0.1 * len(shop), f"Its address sells: {_some(sorted(sold))}.")
    if hyphens >= 3 or len(shop) >= 2:
        return says(0.1 * hyphens + 0.15 * len(shop), "Its address is put together from search words.")
    return abstains("Nothing odd about the page's address.")


def named(subject: Subject) -> View:
    """A site called after what people search for, not after itself."""
    seen = subject.evidence
    parts = re.split(r"\s[|–—«»:·-]+\s", seen.title)[1:]
    found = {
        trade
        for part in (seen.site_name, seen.author, subject.claim.author, *parts)
        for trade in trades_of(part)
    }
    found |= host_hints(host(seen.final_url or subject.claim.source_url))
    if not found:
        return abstains("The site's name does not speak of a trade that lives on spam.")
    return says(0.2 + 0.25 * len(found), f"The site's name is about {_some(sorted(found))}.")


def _post(subject: Subject) -> str:
    return f"{subject.target.title} {' '.join(subject.target.tags)} {subject.target.text}"


def _share(part: int, whole: int) -> float:
    return min(1.0, part / whole) if whole else 0.0


def _some(found: Sequence[str]) -> str:
    return ", ".join(found[:4])


CHECKS = (
    Check("source.title", "source", 4.2, title),
    Check("source.anchors", "source", 4.2, anchors),
    Check("source.linked_sites", "source", 4.2, linked_sites),
    Check("source.trades", "source", 4.9, trades),
    Check("source.keywords", "source", 2.8, keywords, version=2),
    Check("source.body", "source", 4.2, body),
    Check("source.matter", "source", 4.9, matter),
    Check("source.address_words", "source", 3.5, address_words, version=2),
    Check("source.named", "source", 2.1, named),
)
