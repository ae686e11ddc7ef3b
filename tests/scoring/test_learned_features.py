"""What a linkback can teach, and lessons kept in memory."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from blog_linkbacks.scoring.learned import Label, Learner, features, wording
from blog_linkbacks.vocabulary import Kind, Memory, Placement, Response
from tests.scoring.cast import honest, subject

NAMES = [f"word: w{n}" for n in range(12)]


def test_the_names_are_readable() -> None:
    page = honest(
        title="Loaf one",
        anchors=("Cheap handbags",),
        sites=("blog.example", "shop.handbags.top"),
        language="fr",
        rel=("nofollow", "<b>"),
        placement=Placement.FOOTER,
        outgoing_links=61,
        response=Response.LIKE,
        final_url="https://my-crumbs.co.uk/bread/loaf.html",
    )
    found = features(subject(page, title="Casino bonus", kind=Kind.WEBMENTION))
    assert {
        "word: casino", "title: loaf", "link: handbags", "links to: handbags.top", "language: fr",
        "our language: no", "rel: nofollow", "place: footer", "links: 60 to 199", "response: like",
        "address: bread", "hyphens: 1", "moved: to another site", "host ends: .uk", "sent as: webmention",
    } <= set(found)  # fmt: skip


def test_words_that_anybody_can_repeat_are_left_out() -> None:
    found = features(subject(title="Sourdough in winter", excerpt="bread blog sourdough sells"))
    assert [
        f for f in found if f.startswith("word:") and f[6:] in ("sourdough", "winter", "bread", "blog")
    ] == []
    assert "word: sells" in found


def test_scripts_without_spaces_teach_pairs_of_characters() -> None:
    found = features(subject(excerpt="激安時計"))
    assert {"word: 激安", "word: 安時", "word: 時計"} <= set(found)


def test_a_huge_page_costs_little_and_teaches_no_more() -> None:
    chance = random.Random(5)
    sizes = [f"w{chance.randrange(10**6)}" for _ in range(150_000)]
    page = honest(text=" ".join(sizes), anchors=tuple(sizes), sites=tuple(f"{w}.example" for w in sizes))
    huge = subject(page, title=" ".join(sizes), excerpt=" ".join(sizes), author="x" * 10**6)
    start = time.process_time()
    found = features(huge)
    assert time.process_time() - start < 0.2
    assert len(found) < 200
    assert max(map(len, found)) < 80


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_gives_sorted_names_without_line_breaks(
    title: str, excerpt: str, rel: str, language: str
) -> None:
    page = honest(title=excerpt, anchors=(title,), rel=(rel,), language=language)
    found = features(subject(page, title=title, excerpt=excerpt))
    assert list(found) == sorted(set(found))
    assert not any(set(f) & set("\n\r\0") for f in found)
    "\n".join(found).encode()


def test_equal_wording_is_one_lesson_wherever_it_comes_from() -> None:
    said = [f"word: {w}" for w in ("great", "casino", "bonus", "today", "click", "here")]
    learner = Learner()
    for number in range(220):
        learner.learn(sorted([*said, f"host ends: .x{number}"]), "spam")
    learner.learn(("word: rye",), "spam")
    assert learner.memory(["word: casino", "word: rye"]) == Memory(
        0, 2, {"word: casino": (0, 1), "word: rye": (0, 1)}
    )


def test_few_words_make_no_wording() -> None:
    assert wording(("place: article", "word: nice")) != wording(("place: footer", "word: nice"))


def test_what_was_never_learned_cannot_be_unlearned() -> None:
    learner = Learner()
    learner.learn(("word: a",), "ham")
    learner.unlearn(("word: b",), "ham")
    learner.unlearn(("word: a",), "spam")
    assert learner.memory(["word: a", "word: b"]) == Memory(1, 0, {"word: a": (1, 0)})


LESSONS = st.tuples(
    st.lists(st.sampled_from(NAMES), unique=True, min_size=1).map(lambda names: tuple(sorted(names))),
    st.sampled_from(("ham", "spam")),
)


@given(st.lists(LESSONS, max_size=30), st.randoms())
def test_unlearning_is_exact_in_any_order(
    lessons: list[tuple[tuple[str, ...], Label]], chance: random.Random
) -> None:
    stays = [lesson for lesson in lessons if chance.random() < 0.5]
    goes = list(lessons)
    for lesson in stays:
        goes.remove(lesson)
    learner, fresh = Learner(), Learner()
    for found, label in chance.sample(lessons, len(lessons)):
        learner.learn(found, label)
    for found, label in chance.sample(goes, len(goes)):
        learner.unlearn(found, label)
    for found, label in stays:
        fresh.learn(found, label)
    assert learner.memory(NAMES) == fresh.memory(NAMES)
