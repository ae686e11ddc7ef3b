"""The sentence around a link, out of the flat text of a page: for any script, with or without spaces."""

import re
import unicodedata

from blog_linkbacks.vocabulary import Sentence

LENGTH = 280

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
# After 。！？ nothing need follow; after the others a space, and no small letter or number, or it was an abbreviation.
# Nor does one end after an initial or a title before a name.
_END = re.compile(
    r"[。！？｡]+[」』）】”’\"]*"
    r"|(?:[!?…؟۔।]|(?<!\b[A-HJ-Za-hj-z])(?<!\b[DMS][rstx])(?<!\bMrs)(?<!\bProf)\.)"
    r"[.!?…؟۔।]*[\"'”’»)\]]*(?=\s+[^\s\da-zß-öø-ÿа-яα-ω]|\s*$)",
    re.MULTILINE,
)
_BREAK_BEFORE = re.compile(rf"\s(?=\S)|(?<=[{_UNSPACED}])|(?=[{_UNSPACED}])")
_UNSPACED_LETTER = re.compile(rf"(?=\w)[{_UNSPACED}]")
_SPACED_WORD = re.compile(rf"(?:(?![{_UNSPACED}])\w)+(?:['’]\w+)?")
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text on one line: spaces folded, control and direction-overriding characters gone."""
    return _folded(text).strip()


def amount_of(text: str) -> int:
    """How many words a text has; where a script sets no spaces, two characters stand for a word."""
    return len(_SPACED_WORD.findall(text)) + len(_UNSPACED_LETTER.findall(text)) // 2


def shortened(text: str, length: int) -> str:
    """The start of a one-line text, at most `length` characters, cut between words and with an ellipsis."""
    if len(text) <= length:
        return text
    cuts = [m.start() for m in _BREAK_BEFORE.finditer(text, 0, length) if 0 < m.start() < length]
    end = cuts[-1] if cuts else 0
    return text[: _off_marks(text, end)].rstrip() + "…" if end else ""


def sentence_at(flat: str, start: int, end: int) -> Sentence:
    """The sentence that holds flat[start:end], at most 280 characters in all, cut between words where longer.

    Line breaks in `flat` part the blocks of the page; a sentence does not reach beyond its block.
    """
    first = flat.rfind("\n", 0, start) + 1
    last = flat.find("\n", end)
    left, link = flat[max(first, start - 2000) : start], flat[start:end][:2000]
    right = flat[end : min(len(flat) if last < 0 else last, end + 2000)]
    before, after = _folded(_last_sentence(left, link)).lstrip(), _folded(_first_end(link, right)).rstrip()
    link = _folded(link)
    if not plain(before + link + after):
        return Sentence(shortened(_nearest(flat, start), LENGTH))
    before = _folded(before + " " * link.startswith(" ")).lstrip()
    after = _folded(" " * link.endswith(" ") + after).rstrip()
    return _fitted(before, link.strip(), after)


def _folded(text: str) -> str:
    return _SPACES.sub(" ", _DROPPED.sub("", text))


def _last_sentence(left: str, link: str) -> str:
    context = left + (link.lstrip()[:1] or "X")
    ends = [match.end() for match in _END.finditer(context) if match.end() <= len(left)]
    ends = [end for end in ends if context[end:].strip() != "" and left[end:].strip() + link.strip() != ""]
    return left[ends[-1] :] if ends else left


def _first_end(link: str, right: str) -> str:
    whole = link + right
    for match in _END.finditer(whole):
        if match.end() >= len(link.rstrip()) and match.end() > 0:
            return whole[len(link) : max(match.end(), len(link))]
    return right


def _nearest(flat: str, start: int) -> str:
    for line in reversed(flat[max(0, start - 2000) : start].split("\n")):
        if line.strip():
            return plain(line)
    following = flat[start : start + 2000].strip().partition("\n")[0]
    return plain(following)


def _fitted(before: str, link: str, after: str) -> Sentence:
    if len(before) + len(link) + len(after) <= LENGTH:
        return Sentence(before, link, after)
    link = shortened(link.strip(), LENGTH // 2) if len(link) > LENGTH // 2 else link
    room = LENGTH - len(link)
    for_after = min(len(after), max(room // 2, room - len(before)))
    before = _shortened_left(before, room - for_after)
    return Sentence(before, link, shortened(after, for_after))


def _shortened_left(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    earliest = len(text) - length + 1
    cuts = (m.start() for m in _BREAK_BEFORE.finditer(text, earliest) if m.start() >= earliest)
    start = next(cuts, len(text))
    kept = text[start:].lstrip()
    return "…" + kept if kept.strip() else ""


def _off_marks(text: str, end: int) -> int:
    """A place to cut that does not part a letter from the marks that sit on it."""
    while 0 < end < len(text) and (unicodedata.combining(text[end]) or text[end] == "\u200d"):
        end -= 1
    return end
