"""Words, runs and the list of trades."""

import pytest

from blog_linkbacks.scoring.words import host_trades, runs, shared, shop_words, trade_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bread, again: it’s 12°!", ("bread", "again", "it's", "12")),
        ("best-online-casino", ("best", "online", "casino")),
        ("日本語 text", ("日", "本", "語", "text")),
        ("", ()),
    ],
)
def test_words_are_folded_and_unspaced_scripts_fall_into_characters(
    text: str, expected: tuple[str, ...]
) -> None:
    assert words(text) == expected


def test_runs_measure_how_much_of_one_text_is_in_another() -> None:
    ours = "one two three four five six seven eight nine ten"
    assert shared(runs(ours), runs(f"before {ours} after")) == 1.0
    assert shared(runs(ours), runs("something else that has nothing to do with it")) == 0.0
    assert 0 < shared(runs(ours), runs("one two three four five six and out")) < 1
    assert shared(runs("short"), runs(ours)) == 0.0


def test_runs_work_without_spaces_between_words() -> None:
    assert shared(runs("吾輩は猫である名前はまだ無い"), runs("曰く、吾輩は猫である名前はまだ無い。")) == 1.0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Casino!", ("casino",)),
        ("casinova and specialist socialists", ()),
        ("cheap essay-writing help", ("essay writing",)),
        ("MongoDB replica sets, Vue slots, Twitter followers, a poker evening", ()),
        ("人気の出会い系サイト", ("出会い系",)),
        ("казино рядом", ("казино",)),
    ],
)
def test_trades_are_found_as_whole_words(text: str, found: tuple[str, ...]) -> None:
    assert trade_words(text) == found


def test_the_post_s_own_trades_do_not_count() -> None:
    assert trade_words("casino and viagra", besides="My year as a casino chef") == ("viagra",)


def test_shop_words() -> None:
    assert shop_words("Buy now: cheap tents, cheap stoves") == ("buy", "cheap")


def test_trades_inside_host_names() -> None:
    assert host_trades("mycasinoclub.example") == ("casino",)
    assert host_trades("crumbs.example") == ()
