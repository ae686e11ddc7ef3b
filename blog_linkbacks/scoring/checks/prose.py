"""How the page's own text is made: in sentences, in a script of the place, in phrases of the trade."""

import re
from collections import Counter
from itertools import chain, pairwise

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.words import any_of, words
from blog_linkbacks.vocabulary import Outcome, Response, Subject

# The small words that hold sentences together, language by language.
_SMALL_WORDS = tuple(
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
    bana benim minä minun én nekem 僕 私 俺
""")
)
_YOURS = frozenset(
    _names("""
    you your yours you're you'll you've ihr ihre ihnen dein deine du vous votre vos tu tus tú usted vuoi tuo tua tuoi
    você seu sua вы вас вам ваш ваши ваша twój twoje jouw jullie
""")
)
_SENTENCE, _ENOUGH = 10, 400
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
)
_READ = 20_000
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
_SCRIPT_OF = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SCRIPTS.items()}


def sentences(subject: Subject) -> View:
    spoken = _spoken(subject)[:_ENOUGH]
    if len(spoken) < 50 or script_of(" ".join(spoken)) not in ("Latin", "Cyrillic"):
        return abstains("There are too few sentences, or they are in a script that this check does not read.")
    share = max(sum(word in small for word in spoken) for small in _SMALL_WORDS) / len(spoken)
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
    if sum(word in _YOURS for word in said) < 2:
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


def script(subject: Subject) -> View:
    claim, seen = subject.claim, subject.evidence
    said = script_of(f"{claim.title} {claim.excerpt} {claim.author} {seen.anchor} {seen.sentence.text}")
    page, post = script_of(seen.text), script_of(f"{subject.target.title} {subject.target.text}")
    if not said or not page or not post or said in (page, post):
        return abstains("The script is that of the page or of the post.")
    return says(0.6, f"What is said is in {said} letters, the page in {page} and the post in {post} ones.")


def script_of(text: str) -> str:
    """The script of most letters in a text; empty for too few or too mixed ones."""
    sample = text[:3000]
    if sample.isascii():
        return "Latin" if sum(map(str.isalpha, sample)) >= 15 else ""
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPT_OF.items()}
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


CHECKS = (
    Check("text.sentences", "text", 2.1, sentences),
    Check("text.person", "text", 1.4, person),
    Check("text.filler", "text", 3.5, filler),
    Check("text.stuffing", "text", 2.1, stuffing),
    Check("text.script", "text", 1.4, script),
)
