"""Words, runs of words and the short list of words that sell: what several checks read texts with."""

import re

from blog_linkbacks.scoring.remembered import Remembered

MAX_CHARACTERS = 120_000
RUN = 5

_UNSPACED_SCRIPT = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED_SCRIPT}]")
_SPACED_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_WORD = re.compile(rf"[{_UNSPACED_SCRIPT}]|(?:(?![{_UNSPACED_SCRIPT}])[^\W_])+(?:['’][^\W\d_]+)?")

# Trades that live on link spam, in words that mean little else; the others stand in phrases.
_TRADES = """
casino casinos kasino kazino sportsbook bookmaker bookmakers blackjack jackpot jackpots togel gacor baccarat
bahis scommesse apuestas apostas казино букмекер
viagra cialis levitra kamagra tramadol xanax phentermine ambien modafinil sildenafil tadalafil rezeptfrei
виагра виагру виагры сиалис
porn porno pornhub hentai milf escorts camgirls sexcam onlyfans bokep порно проститутки
payday forex prestiti chwilówki pożyczki займ займы
rolex gucci prada moncler longchamp louboutin vuitton handbags backlinks warez keygen nulled
"""
_PHRASES = """
adult dating, air max, bad credit, betting site, betting sites, betting tips, binary options, buy followers,
buy steroids, cam girls, canada goose, canadian pharmacy, cash advance, cbd gummies, cbd oil, cheap jerseys,
crypto signals, diet pills, erotic massage, escort girls, escort service, essay service, essay writing,
essay writers, fake id, guest post service, instagram followers, judi online, keto pills, kredit ohne schufa,
link building service, male enhancement, michael kors, nfl jerseys, no prescription, online betting,
online kredit, online lottery, online pharmacy, online poker, online roulette, online slots, payday loan,
penis enlargement, personal loans, poker online, quick loans, préstamos rápidos, ray ban, replica bags,
replica handbags, replica rolex, replica watches, sans ordonnance, seo agency, seo service, seo services,
sex chat, sex toys, sin receta, slot gacor, slot machines, slot online, sports betting, timberland boots,
ugg boots, weight loss pills, write my essay, xxx videos, zonder recept, cá cược, nhà cái, кредит без,
ставки на спорт, знакомства для
"""
_UNSPACED = """
出会い系 激安 精力剤 アダルト ブランドコピー スーパーコピー オンラインカジノ
博彩 赌场 赌博 代开发票 娱乐城 成人视频 六合彩 彩票
카지노 바카라 토토사이트 บาคาร่า คาสิโน สล็อต
"""
_PHRASES_BY_START: dict[str, list[str]] = {}
for _phrase in _PHRASES.split(","):
    _PHRASES_BY_START.setdefault(_phrase.split()[0], []).append(" ".join(_phrase.split()))
_UNSPACED_PHRASE = re.compile("|".join(_UNSPACED.split()))
# Words of any shop: they count for little, and only together.
_SHOP_WORDS = """
buy cheap cheapest discount discounts coupon coupons wholesale outlet sale shipping order price prices deals
bonus promo best online guaranteed reviews купить дешево недорого скидка kaufen billig günstig acheter
comprar
"""
# As parts of a host name, where words are run together.
_HOST_PARTS = (
    "casino", "kasino", "poker", "porn", "viagra", "escort", "payday", "essaywrit", "replicas", "replicaw",
    "backlink", "gambl", "betting", "slots", "slotz", "sexcam", "1xbet", "1xslot", "jackpot", "handbag",
    "moncler", "vuitton", "cheap", "discount", "outlet", "buyonline", "seo-service", "seoservice",
)  # fmt: skip
_SHOP = frozenset(_SHOP_WORDS.split())
_TRADE_WORDS = frozenset(_TRADES.split())


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded; in scripts without spaces each character stands for a word."""
    return _words(text[:MAX_CHARACTERS])


def runs(text: str, length: int = RUN) -> frozenset[int]:
    """The runs of `length` words in a text, each as a hash."""
    return _runs(text[:MAX_CHARACTERS], length)


def trade_words(text: str, besides: str = "") -> tuple[str, ...]:
    """The words and phrases of spam trades in `text`, as whole words, less those that `besides` has too."""
    found = _trades(text[:MAX_CHARACTERS])
    return tuple(sorted(found - _trades(besides[:MAX_CHARACTERS]))) if found else ()


def shop_words(text: str) -> tuple[str, ...]:
    """The distinct words of selling in `text`."""
    return tuple(sorted(set(words(text)) & _SHOP))


def host_trades(host: str) -> tuple[str, ...]:
    """The spam trades that a host name spells out, whole or as part of a longer word."""
    return tuple(part for part in _HOST_PARTS if part in host)


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for whole phrases, to be looked for in lower case: a third of the time of either case."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})")


def lines_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for phrases at the head of a line, to be looked for in lower case."""
    return re.compile(rf"^\W{{0,3}}(?:{'|'.join(patterns)})", re.MULTILINE)


def shared(part: frozenset[int], whole: frozenset[int]) -> float:
    """How much of `part` is in `whole`, 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def _split(text: str) -> tuple[str, ...]:
    folded = text.casefold().replace("’", "'")
    spaced = folded.isascii() or not _UNSPACED_LETTER.search(folded)
    return tuple((_SPACED_WORD if spaced else _WORD).findall(folded))


def _run_hashes(text: str, length: int) -> frozenset[int]:
    found = _words(text)
    return frozenset(map(hash, zip(*(found[start:] for start in range(length)), strict=False)))


def _named_trades(text: str) -> frozenset[str]:
    said = frozenset(_words(text))
    begun = said.intersection(_PHRASES_BY_START)
    spaced = f" {' '.join(_words(text))} " if begun else ""
    phrases = (p for start in begun for p in _PHRASES_BY_START[start] if f" {p} " in spaced)
    unspaced = () if text.isascii() else _UNSPACED_PHRASE.findall(text)
    return (_TRADE_WORDS & said).union(phrases, unspaced)


_words = Remembered(_split)
_runs = Remembered(_run_hashes)
_trades = Remembered(_named_trades)
