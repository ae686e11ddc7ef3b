"""What the decisions of this blog's moderators have taught."""

from math import sqrt, tanh

from blog_linkbacks.scoring.frame import Check, View, abstains, says
from blog_linkbacks.scoring.learned import in_words, telling
from blog_linkbacks.vocabulary import Subject

# Lessons of the rarer label: below the first the check is silent, from the second on it has its full voice.
FEWEST, ENOUGH = 10, 50
# The features that are heard, those that tell most, and how loud each must be.
HEARD, AUDIBLE = 15, 0.4
_CERTAIN = 4.0


def words(subject: Subject) -> View:
    memory = subject.memory
    fewer = min(memory.ham, memory.spam)
    if fewer < FEWEST:
        return abstains(
            f"Too few decisions so far to have learned from: {memory.ham} approved, {memory.spam} spam."
        )
    said = {feature: telling(memory, feature) for feature in memory.seen}
    audible = [feature for feature in said if abs(said[feature]) >= AUDIBLE]
    heard = sorted(audible, key=lambda f: (-abs(said[f]), -sum(memory.seen[f]), f))[:HEARD]
    total = sum(said[f] for f in heard)
    if not heard:
        return abstains("Nothing in it was telling in earlier decisions.")
    strength = tanh(total / sqrt(len(heard)) / _CERTAIN) * min(1.0, fewer / ENOUGH)
    side = 1 if strength > 0 else -1
    speaking = [in_words(f) for f in heard if said[f] * side > 0][:3]
    return says(strength, f"Learned here: {', '.join(speaking)} {_verb(speaking)} {_SIDES[side]}.")


_SIDES = {1: "for spam", -1: "for an honest linkback"}


def _verb(speaking: list[str]) -> str:
    return "speaks" if len(speaking) == 1 else "speak"


CHECKS = (Check("learned.words", "learned", 2.0, words),)
