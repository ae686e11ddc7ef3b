"""Trades that live on link spam, and the words that hint at them in names, short link texts and search words.

A hint proves nothing: it counts where many stand together, above all for trades that no one honest site has in common.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.words import words

# Whole words of each trade, then beginnings of words (marked with *), then phrases (in quotation marks).
_LISTS = {
    "gambling": """
        casin* kasin* kazin* cazin* poker* slot slots bet bets betting bettor wager* gambl* jackpot*
        roulette blackjack baccarat lotto lotter* loteria togel gacor bandar judi bahis iddaa apuesta*
        aposta* scommess* sportsbook* bookmak* pokie* pokies bingo mostbet 1xbet 1xslot melbet freispiel*
        glücksspiel* spielautomat* wettanbieter* sportwetten einzahlung* willkommensbonus tragamonedas
        казино ставки букмекер* рулетка лотерея "free spins" "no deposit" "sports book" nhà cái
    """,
    "medicines": """
        viagra cialis levitra kamagra tramadol xanax phentermine ambien modafinil sildenafil tadalafil
        vardenafil stromectol ivermectin ozempic steroid* hgh sarms kratom cbd thc vape vapes vaping ejuice
        hemp cannabis marijuana pharm pharma* apothek* farmac* pills pill detox keto slimming weightloss
        penis erectile erection enlargement herbal supplements nootropic* rezeptfrei виагра сиалис таблетки
        "weight loss" "hair loss" "diet pills" "without prescription" "male enhancement"
    """,
    "sex": """
        porn* sex sexy sexo seks xxx escort* eskort* camgirl* camsex milf hentai lesb* nude nudes erotic*
        erotik* fetish* hookup hookups onlyfans bokep dating singles femdom shemale* blowjob pussy tits
        boobs prostit* sugarbab* порно секс проститутки знакомства rencontre rencontres partnersuche
        erotisch* contactos "call girl" "adult dating" "sex chat" "hot girls"
    """,
    "loans": """
        loan loans payday mortgage* refinanc* kredit* credito* prestit* prestamo* préstamo* pożyczk*
        chwilówk* crédit crédits rachat prêts pożyczk* chwilów* darlehen préstamos préstamo lender* lending
        bankrupt* debt займ* кредит* ипотека "cash advance" "bad credit" "credit repair" "credit cards"
        "quick cash" "personal loan"
    """,
    "money": """
        forex btc bitcoin* crypto* cryptocurrenc* nft nfts trader trading airdrop binance ethereum altcoin*
        investor investing millionaire "binary options" "passive income" "make money" "earn money"
        "work from home" "online income" mlm dropship* криптовалют* форекс заработок
    """,
    "brands": """
        gucci prada moncler* vuitton* louboutin* hermes longchamp burberry chanel celine versace balenciaga
        armani rolex uggs ugg oakley* rayban* hollister abercrombie timberland* adidas nike airmax yeezy
        jordans woolrich mulberry birkenstock* belstaff "canada goose" canadagoose "michael kors" kors*
        lacoste dior fendi bvlgari bulgari cartier montblanc tiffany* "ralph lauren" "ray ban" "north face"
        "air max" handbag* borse chaussure* scarpe schuhe sneakers jersey jerseys replica* knockoff*
        fausse* サイフ ブランドコピー スーパーコピー
    """,
    "shopping": """
        coupon* promo promos voucher* discount* cheap* outlet* wholesale buy buying purchase sale shop*
        bestprice lowprice deals dropshipping acheter kaufen comprar kopen acquista* billig* günstig*
        barato* купить* дешево недорого скидк* распродажа заказать descuento* gutschein* rabatt* remise
        rabais sconto sconti zniżk* korting oferta ofertas angebot* rebajas "for sale" "free shipping"
        "best price" "low price"
    """,
    "search ranking": """
        seo backlink* linkbuild* serp pbn guestpost* ppc leadgen advertis* adsense "link building"
        "guest post" "write for us" "page rank" "web traffic" "digital marketing" "domain authority"
        "social signals" "article submission" "submit site" "directory submission" продвижение раскрутка
    """,
    "followers": """
        followers subscribers seguidores abonnés seguidor* obserwując* follower takipci takipçi smm
        instafollow* "buy followers" "instagram likes" "youtube views" "tiktok followers" "buy likes"
        накрутка подписчик*
    """,
    "essays": """
        essay essays dissertation* coursework termpaper* homework "term paper" "research paper" "write my"
        "pay someone to" "do my homework"
        "paper writing" диплом* реферат* курсов*
    """,
    "cracks": """
        keygen* warez nulled cracked serials hacked cheats cheat torrent* apk mod unlocker jailbreak
        activator "free download" "license key" "product key" "full version" скачать торрент кряк
    """,
    "local services": """
        plumb* roof* locksmith* septic drywall remodel* upholster* handyman towing pest hvac chiropract*
        serrurier* plombier* schlüsseldienst* klempner* cerrajer* fontaner* dépannage umzug* hydraulik
        dentist* attorney* lawyer* insurance insur insurers motorhome campers awning* "near me" contractor*
        renovat* installer* "carpet cleaning" "car hire" "limo service" страхован* ремонт*
    """,
    "body": """
        botox skincare antiaging wrinkle* tattoo* tatuag* massage cellulite acne emagrec* diet abnehmen
        похудеть диета "lose weight" "plastic surgery" "hair transplant"
    """,
    "luck": """
        psychic* tarot horoscop* clairvoyan* voyance astrolog* spells spellcaster voyant* wahrsag*
        kartenleg* videnc* wróżk* vashikaran гадан* приворот "love spell" "black magic"
    """,
}  # fmt: skip
# Words that come with a trade and mean little without it: they count only in a text that names the trade too.
_COMPANIONS = {
    "gambling": "bonus bonuses spin spins payout payouts odds deposit deposits withdrawal withdrawals reels win",
    "medicines": "tablet tablets dose dosage mg prescription generic pharmacist ed discreet delivery",
    "loans": "lender lenders borrow borrower repay interest rates rate approval apr credit",
    "money": "token tokens blockchain wallet wallets exchange profits returns coin coins market",
    "essays": "writers writer plagiarism grades deadline paper papers custom",
    "shopping": "cart checkout stock delivery order prices price shipping offer offers brands",
    "local services": "quote affordable licensed emergency repair repairs call service services",
    "search ranking": "ranking rankings keywords google clients agency anchor links niche",
    "brands": "authentic luxury leather designer bags bag watches watch shoes",
    "sex": "hot girls girl adult online chat local",
    "followers": "instagram tiktok engagement followers viral accounts",
    "luck": "love reading readings spirit energy future",
    "body": "fat burn belly skin results clinic",
    "cracks": "download version free windows key install",
}
_TOKEN = re.compile(r'"([^"]+)"|(\S+)')
_SHORT = 5
# No word of a trade is longer; the cache must not hold words of any length.
_LONGEST = 30


def hints(texts: Iterable[str]) -> dict[str, set[str]]:
    """For each trade that short texts hint at, the hinting texts. Texts of more than five words are passed over."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for trade in trades_of(text[:100]):
            found.setdefault(trade, set()).add(text)
    return found


@lru_cache(maxsize=4096)
def trades_of(text: str) -> frozenset[str]:
    """The trades that one short text hints at; nothing for one that reads as a title or a sentence."""
    said = words(text)
    if not said or len(said) > _SHORT:
        return frozenset()
    found = {trade for word in said if (trade := _trade_of(word[:_LONGEST]))}
    spaced = " ".join(said)
    return frozenset(found.union(trade for phrase, trade in _PHRASES.items() if phrase in spaced))


def subject_of(text: str, besides: str = "") -> tuple[str, int, int]:
    """The trade that a text speaks of most, with how many different words it does so, and how often in all.

    A trade that `besides` names too is left out; ("", 0, 0) where there is none.
    """
    said = Counter(words(text))
    ours = _trades_in(besides)
    named: dict[str, set[str]] = {}
    for word in said:
        trade = _trade_of(word[:_LONGEST])
        if trade and trade not in ours:
            named.setdefault(trade, set()).add(word)
    spoken = {trade: found | (_COMPANION[trade] & said.keys()) for trade, found in named.items()}
    often = {trade: sum(said[word] for word in found) for trade, found in spoken.items()}
    if not often:
        return "", 0, 0
    most = max(sorted(often), key=lambda trade: often[trade])
    return most, len(spoken[most]), often[most]


def _all_trades(text: str) -> frozenset[str]:
    return frozenset(trade for word in set(words(text)) if (trade := _trade_of(word[:_LONGEST])))


_trades_in = Remembered(_all_trades)


def host_hints(host: str) -> frozenset[str]:
    """The trades that the parts of a host name hint at."""
    parts = re.split(r"[\W\d_]+", host.rpartition(".")[0].removeprefix("www."))
    return frozenset(trade for part in parts if part for trade in trades_of(part) | _inside(part))


@lru_cache(maxsize=1 << 15)
def _trade_of(word: str) -> str:
    if word in _WHOLE:
        return _WHOLE[word]
    return next((_BEGUN[word[:end]] for end in range(4, len(word) + 1) if word[:end] in _BEGUN), "")


def _inside(part: str) -> frozenset[str]:
    if not _ANY_STEM.search(part):
        return frozenset()
    return frozenset(trade for stem, trade in _LONG_STEMS.items() if stem in part)


def _read() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for trade, text in _LISTS.items():
        for phrase, word in _TOKEN.findall(text):
            if phrase:
                phrases[phrase] = trade
            elif word.endswith("*"):
                begun[word[:-1]] = trade
            else:
                whole[word] = trade
    return whole, begun, phrases


_WHOLE, _BEGUN, _PHRASES = _read()
_COMPANION = {trade: frozenset(_COMPANIONS[trade].split()) for trade in _LISTS}
# Run together in host names: only words that stand inside no ordinary one.
_LONG_STEMS = {
    word: trade
    for word, trade in (_WHOLE | _BEGUN).items()
    if word in {
        "casin", "kasin", "kazin", "cazin", "poker", "porn", "viagra", "escort", "eskort", "payday", "backlink",
        "gambl", "betting", "sportsbook", "jackpot", "bitcoin", "crypto", "forex", "gucci", "moncler", "vuitton",
        "louboutin", "longchamp", "burberry", "replica", "handbag", "coupon", "discount", "outlet", "cheap", "loans",
        "pharma", "pills", "insurance", "mortgage", "essays", "dissertation", "torrent", "keygen", "tarot", "psychic",
        "seks", "lotter", "togel", "remodel", "plumb", "locksmith", "followers", "credito", "kredit", "vardenafil",
        "tadalafil", "sildenafil", "dating", "uggs", "rolex",
    }
}  # fmt: skip
_ANY_STEM = re.compile("|".join(_LONG_STEMS))
