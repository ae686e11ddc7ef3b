"""How the page's own text is made: in sentences, in a script of the place, in phrases of the trade."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from string import ascii_letters

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.words import any_of, words
from blog_linkbacks.vocabulary import Outcome, Response, Subject

# The small words that hold sentences together, language by language.
SMALL_WORDS = tuple(
    frozenset(line.split())
    for line in """
the a an and or but if of to in on at by for with from as is are was were be been it its this that these i you he she
de la le les un une des et ou du à en dans sur pour par avec que qui ne pas est sont ce cette il elle je vous nous on
der die das ein eine und oder aber in im zu zum zur von mit für auf an am bei nach aus ist sind war nicht ich es wir
el la los las un una de del y o en a al por para con que no es son se su lo como más pero me mi si ya muy este esta
de het een en of van in op te dat die is niet met voor er aan zijn ook als maar om bij ik je we ze was naar nog door
il lo la i gli le un una di del della e o in a al da per con che non è sono si mi come più ma questo questa ho ha
o a os as um uma de do da e ou em no na por para com que não é são se seu mais como mas eu este esta dos das
och att det som en ett i på är av för den till inte om jag har så de men var kan er af ikke og jeg til på
i w na z do nie to się że jest o jak po co ale od za by dla tak już był są ten tego
и в не на я что с он как это но к у из за то же от так для о бы было все его по мы вы она
a az és hogy nem is egy ez de meg van csak el mint már ha volt ki vagy még
ja on ei se että oli hän mutta kun niin ovat joka myös jos kuin mitä tai sen
yang dan di untuk dengan ini itu dari pada tidak ke akan adalah juga saya ada bisa
ve bir bu da de için ile çok ne gibi daha ama olan var mı o ben en
a se na v je že to s z do o i ve k jako ale si by po tak jsem pro
si de la în cu nu care pe este un o mai din că sunt ca să le a
""".strip().splitlines()
)
_names = str.split
# Words for the writer, and words for the reader.
_MINE = frozenset(
    _names("""
    i i'm i've i'd i'll me my mine myself ich mich mir mein meine meinen meinem meiner je j'ai moi mon ma mes yo mi mis
    io mio mia miei eu meu minha ik mijn jag mig min mitt mina я мне меня мой моя мои моё мою ja mnie mój moja moje
    bana benim minä minun én nekem 僕 私 俺 我 мені мій أنا لي عندي من אני לי שלי μου εγώ मैं मैंने मेरा मेरी मेरे मुझे
""")
)
_YOURS = frozenset(
    _names("""
    you your yours you're you'll you've ihr ihre ihnen dein deine du vous votre vos tu tus tú usted vuoi tuo tua tuoi
    você seu sua вы вас вам ваш ваши ваша twój twoje jouw jullie
""")
)
_SENTENCE, _ENOUGH = 10, 400
# The share of words for the reader from which on a text is addressed to somebody, rather than mentions him.
_ADDRESSED = 0.015
# What is said in place of something to say.
_FILLER = any_of(
    r"in today['’]s (?:digital|modern|fast|busy|competitive|ever|world|online)[\w-]*",
    r"(?:look no further|without further ado|needless to say|last but not least|first and foremost)\b",
    r"(?:ultimate|complete|definitive|comprehensive|essential|beginner['’]?s) guide (?:to|for|on)\b",
    r"whether you['’](?:re|ve) (?:an? |new |just |looking |a seasoned )",
    r"(?:plays?|playing) a (?:crucial|vital|key|pivotal|significant|important) role\b",
    r"it(?:['’]s| is) (?:important|essential|crucial|vital) to (?:note|remember|understand|consider|choose)",
    r"(?:unlock|unleash|elevate|supercharge|harness|maximi[sz]e) (?:the|your|its)\b",
    r"(?:delve|dive) (?:deeper )?into (?:the )?(?:world|realm|intricac)",
    r"(?:top|best) \d+ (?:\w+ )?(?:tips|ways|reasons|sites|tools|casinos|products|benefits|brands)\b",
    r"(?:game[- ]changer|one[- ]stop|cutting[- ]edge|state[- ]of[- ]the[- ]art|second to none|hassle[- ]free)\b",
    r"(?:a )?(?:wide|vast|broad) (?:range|array|variety|selection) of\b",
    r"(?:peace of mind|take your \w+ to the next level|at an affordable price|budget[- ]friendly)\b",
    r"(?:in conclusion|to sum up|the bottom line is|when it comes to)\b",
    r"(?:contact us today|get in touch with us|our (?:expert|experienced|dedicated) team|trusted by)\b",
    r"\bhere are (?:some|the top|\d+) (?:\w+ )?(?:tips|ways|reasons|benefits|things)\b",
    r"(?:ever|rapidly|fast|constantly)[- ](?:evolving|changing|growing|expanding)\b|(?:digital|modern) landscape\b",
    r"(?:pav(?:e|es|ing) the way|fost(?:er|ers|ering) (?:\w+ )?(?:collaboration|growth|creativity|innovation))\b",
    r"(?:it is|it['’]s) worth (?:noting|mentioning)\b|(?:firstly|moreover|furthermore|ultimately|additionally),",
    r"(?:holistic|proactive|seamless|transformative|invaluable|unparalleled|meticulous\w*)\b",
    r"all walks of life|journey is just beginning|embark on (?:a|your)|testament to|timeless principles",
    r"(?:empower(?:s|ing)? (?:individuals|people|you|users|learners)|in a world (?:full of|where)|tapestry of)\b",
    r"(?:lifelong learning|celebrate small wins|the key to success|a single step|the long (?:haul|run))\b",
    r"(?:specialists|experts) (?:concur|agree) that\b|it is (?:broadly|widely|generally) (?:acknowledged|accepted)",
    r"in this (?:article|writing|guide|post),? we (?:will|['’]ll|are going to)\b|on the off chance that\b",
)
_READ, _SAMPLE = 20_000, 500
_OF_ANOTHER_SCRIPT = 0.1
ENGLISH = 0  # the first of the lists of small words
_DOORS, _A_LONG_WORD = 5, 4
_SCRIPTS = {
    "Latin": r"[a-zà-žḀ-ỿ]",
    "Cyrillic": r"[\u0400-\u052f]",
    "Greek": r"[\u0370-\u03ff]",
    "Arabic": r"[\u0600-\u06ff]",
    "Hebrew": r"[\u0590-\u05ff]",
    "Thai": r"[\u0e00-\u0e7f]",
    "Indian": r"[\u0900-\u0dff]",
    "East Asian": r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]",
}
_WITHOUT_LATIN = dict.fromkeys(map(ord, ascii_letters))
_WITHOUT_ASCII = dict.fromkeys(range(128))
_SCRIPT_OF = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SCRIPTS.items()}


def sentences(subject: Subject) -> View:
    spoken = _spoken(subject)[:_ENOUGH]
    if len(spoken) < 50 or script_of(" ".join(spoken)) not in ("Latin", "Cyrillic"):
        return abstains("There are too few sentences, or they are in a script that this check does not read.")
    if sum(len(word) == 1 and word > "\u0e00" for word in spoken) > _OF_ANOTHER_SCRIPT * len(spoken):
        return abstains("The page's text is only partly in a script that this check reads.")
    share = max(_small_words(spoken)) / len(spoken)
    if share >= 0.3:
        return says(-0.3, "The page's text is in sentences.")
    if share >= 0.2:
        return says(0.0, "The page's text has few of the small words that hold sentences together.")
    return says(0.7 - 2 * share, "The page's text is rows of words rather than sentences.")


def person(subject: Subject) -> View:
    """A page that speaks to its readers and never of its writer is more often an offer than a diary."""
    said = words(subject.evidence.text[:_READ])
    if len(said) < 30 or subject.evidence.response is not Response.MENTION:
        return abstains("There is too little text to tell who speaks.")
    if not _MINE.isdisjoint(said):
        return says(-0.2, "Somebody speaks of themselves on the page.")
    if sum(word in _YOURS for word in said) < max(2, len(said) * _ADDRESSED):
        return abstains("The page speaks neither of its writer nor to its readers.")
    return says(0.4, "The page speaks to its readers, but never of its writer.")


def filler(subject: Subject) -> View:
    found = {
        " ".join(hit.group().split()).lower()
        for hit in _FILLER.finditer(subject.evidence.text[:_READ].lower())
    }
    length = len(words(subject.evidence.text[:_READ]))
    if len(found) < 3 or len(found) * 200 < length:
        return abstains("The page is not filled with phrases that could stand on any page.")
    some = ", ".join(f"“{phrase[:40]}”" for phrase in sorted(found)[:3])
    return says(
        0.25 + 0.15 * len(found), f"The page is filled with phrases that could stand on any page: {some}."
    )


def stuffing(subject: Subject) -> View:
    spoken = _spoken(subject)
    runs = Counter(pairwise(spoken))
    common = [run for run in runs.most_common(20) if all(len(word) > 3 for word in run[0])]
    if len(spoken) < 80 or not common:
        return abstains("There is too little text to tell whether it repeats itself.")
    (phrase, times), share = common[0], common[0][1] * 2 / len(spoken)
    if times < 5 or share < 0.05 or " ".join(phrase) in " ".join(words(_post(subject))):
        return abstains("The page does not repeat one phrase over and over.")
    return says(share * 6, f"“{' '.join(phrase)}” stands on the page {counted(times, 'time')}.")


def doorways(subject: Subject) -> View:
    """One page for each town or trade: the site's own links say over and over what the title says."""
    seen = subject.evidence
    name = set(words(f"{seen.site_name} {seen.final_url.partition('//')[2].partition('/')[0]}"))
    titled = set(pairwise(words(seen.title)))
    repeated = Counter(
        run for anchor in seen.own_anchors for run in set(pairwise(words(anchor))) if run in titled
    )
    run, times = max(repeated.items(), key=lambda item: (item[1], item[0]), default=(("", ""), 0))
    if times < _DOORS or name & set(run) or min(map(len, run)) < _A_LONG_WORD:
        return abstains("The site's own links do not repeat what the title says.")
    return says(
        0.2 + times / 40, f"“{' '.join(run)}” stands in the title and in {times} of the site's own links."
    )


def script(subject: Subject) -> View:
    claim, seen = subject.claim, subject.evidence
    said = script_of(f"{claim.title} {claim.excerpt} {claim.author} {seen.anchor} {seen.sentence.text}")
    page, post = script_of(seen.text), script_of(f"{subject.target.title} {subject.target.text}")
    if not said or not page or not post or said in (page, post):
        return abstains("The script is that of the page or of the post.")
    return says(0.6, f"What is said is in {said} letters, the page in {page} and the post in {post} ones.")


def of_oneself(text: str) -> int:
    """How often somebody says I, me or mine in a text."""
    return sum(word in _MINE for word in words(text))


def tongue_of(text: str) -> int:
    """A number for the language of a text, told from its small words; -1 where they do not tell."""
    return _tongues(text)


def _tongue(text: str) -> int:
    said = words(text)[:_SAMPLE]
    shares = _small_words(said)
    most = max(shares)
    return shares.index(most) if said and most >= 0.2 * len(said) else -1


def _small_words(said: Sequence[str]) -> list[int]:
    """How many of the words are small ones of each language."""
    times = Counter(said)
    return [sum(times[word] for word in small & times.keys()) for small in SMALL_WORDS]


def script_of(text: str) -> str:
    """The script of most letters in a text; empty for too few or too mixed ones."""
    return _scripts(text[:3000])


def _script(sample: str) -> str:
    others = sample.translate(_WITHOUT_ASCII)
    counts = {name: len(pattern.findall(others)) for name, pattern in _SCRIPT_OF.items()} if others else {}
    counts["Latin"] = counts.get("Latin", 0) + len(sample) - len(sample.translate(_WITHOUT_LATIN))
    name, most = max(counts.items(), key=lambda item: item[1])
    return name if most >= 15 and most >= 0.6 * sum(counts.values()) else ""


def _spoken(subject: Subject) -> list[str]:
    """The words of the lines that are long enough to be sentences."""
    if subject.evidence.outcome is not Outcome.LINKED or subject.evidence.response is not Response.MENTION:
        return []
    lines = (words(line) for line in subject.evidence.text[:_READ].split("\n"))
    return list(chain.from_iterable(line for line in lines if len(line) >= _SENTENCE))


def _post(subject: Subject) -> str:
    return f"{subject.target.title} {subject.target.text}"


_scripts, _tongues = Remembered(_script), Remembered(_tongue)

CHECKS = (
    Check("text.sentences", "text", 2.1, sentences),
    Check("text.person", "text", 1.4, person),
    Check("text.filler", "text", 3.5, filler),
    Check("text.stuffing", "text", 2.1, stuffing),
    Check("text.doorways", "text", 2.8, doorways),
    Check("text.script", "text", 1.4, script),
)
