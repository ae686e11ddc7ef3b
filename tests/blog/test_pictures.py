"""Files that are sent as pictures: what becomes of them, and what is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from blog_linkbacks.blog import picture_files
from blog_linkbacks.blog.picture_files import Made
from blog_linkbacks.imaging import BadPicture
from tests.support import pictures as made_up


def make(content: bytes, folder: Path) -> Made:
    with picture_files.making(BytesIO(content), folder) as made:
        picture_files.keep(made, folder)
    return made


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def opened(made: Made, folder: Path) -> Image.Image:
    return Image.open(folder / f"{made.name}.{made.kind}")


def refusal(content: bytes, folder: Path) -> str:
    with pytest.raises(BadPicture) as caught:
        make(content, folder)
    assert left(folder) == []
    return caught.value.reason


def near(found: object, wanted: tuple[float, ...]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 30 for a, b in zip(found, wanted, strict=False))


def test_a_large_photograph_is_made_smaller_in_three_widths(tmp_path: Path) -> None:
    made = make(made_up.photograph(3000, 2000), tmp_path)
    assert (made.kind, made.width, made.height, made.widths) == ("jpg", 1600, 1067, (800, 400))
    sizes = {path.name: Image.open(path).size for path in tmp_path.glob("*.jpg")}
    name = made.name
    assert sizes == {
        f"{name}.jpg": (1600, 1067),
        f"{name}-800.jpg": (800, 533),
        f"{name}-400.jpg": (400, 267),
    }
    assert made.size == sum(path.stat().st_size for path in tmp_path.glob("*.jpg"))


def test_a_small_picture_is_never_made_larger(tmp_path: Path) -> None:
    made = make(made_up.encoded(made_up.scene(300, 200), "PNG"), tmp_path)
    assert (made.kind, made.width, made.height, made.widths) == ("png", 300, 200, ())


def test_where_and_with_what_it_was_taken_is_gone(tmp_path: Path) -> None:
    content = made_up.photograph()
    assert b"Camera of Ida" in content
    assert made_up.GPS in content
    made = make(content, tmp_path)
    for path in tmp_path.glob("*.jpg"):
        kept = path.read_bytes()
        assert not any(word in kept for word in (b"Camera", made_up.GPS, b"Exif", b"taken at home", b"ICC_"))
    image = opened(made, tmp_path)
    assert not image.getexif()
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, "top left"), (3, "bottom right"), (6, "top right"), (8, "bottom left")],
)
def test_it_stands_upright(tmp_path: Path, orientation: int, red: str) -> None:
    made = make(made_up.photograph(900, 600, orientation), tmp_path)
    turned = orientation in (6, 8)
    assert (made.width, made.height) == ((600, 900) if turned else (900, 600))
    image = opened(made, tmp_path)
    x = 20 if "left" in red else made.width - 20
    y = 20 if "top" in red else made.height - 20
    assert near(image.getpixel((x, y)), (230, 20, 20))


@pytest.mark.parametrize("name", made_up.polyglots())
def test_a_polyglot_is_refused_and_nothing_is_left_behind(tmp_path: Path, name: str) -> None:
    assert refusal(made_up.polyglots()[name], tmp_path).startswith(
        "The file is not only a picture: it is also "
    )
    assert left(tmp_path) == []


def test_a_film_behind_a_photograph_is_no_polyglot_and_is_not_kept(tmp_path: Path) -> None:
    film = b"\0\0\0\x18ftypmp42" + b"moving pictures" * 200
    made = make(made_up.photograph() + film, tmp_path)
    assert all(b"moving" not in path.read_bytes() for path in tmp_path.glob(f"{made.name}*"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (made_up.SVG, "SVG drawing"),
        (made_up.PDF, "PDF document"),
        (b"<html><script>alert(1)</script></html>", "no picture that is taken"),
        (b"", "empty"),
        (b"PK\x03\x04 and more", "archive"),
        (b"\0\0\0\x20ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"II*\0 a tiff", "TIFF"),
        (made_up.encoded(made_up.scene(10, 10), "BMP"), "BMP"),
        (b"\x89PNG\r\n\x1a\n" + b"nonsense" * 10, "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 50, "damaged"),
        (b"GIF89a" + b"\xff" * 40, "damaged|too many pixels"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
        (b"\0\0\0\x20ftypavif\0\0\0\0avifmif1", "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    import re

    assert re.search(sentence, refusal(content, tmp_path))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_one_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    content = made_up.encoded(noise, kind)
    assert "damaged" in refusal(content[: len(content) // 2], tmp_path)


def test_a_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    content = made_up.bomb()
    assert len(content) < 300_000
    assert refusal(content, tmp_path) == "The picture has too many pixels; 60 million fit."


def test_more_bytes_than_a_picture_may_have_are_refused(tmp_path: Path) -> None:
    content = made_up.encoded(made_up.scene(30, 20)) + bytes(picture_files.MAX_BYTES)
    assert "larger than 15 MB" in refusal(content, tmp_path)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_moves_on(tmp_path: Path, kind: str) -> None:
    made = make(made_up.animation(8, kind), tmp_path)
    assert (made.kind, made.width, made.height) == ("webp", 120, 80)
    image = opened(made, tmp_path)
    assert image.n_frames == 8  # type: ignore[attr-defined]
    image.seek(3)
    image.load()
    assert image.info["duration"] == 80


def test_an_animation_of_too_many_frames_is_refused(tmp_path: Path) -> None:
    assert "No more than 600 fit" in refusal(made_up.animation(700, size=(4, 4)), tmp_path)


def test_an_animation_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    assert "No more than 52 fit" in refusal(made_up.animation(60, size=(1600, 1200)), tmp_path)


def test_an_animation_too_wide_is_refused(tmp_path: Path) -> None:
    assert "1,600 wide" in refusal(made_up.animation(2, size=(1700, 4)), tmp_path)


def test_see_through_parts_stay_so(tmp_path: Path) -> None:
    image = made_up.scene(200, 100).convert("RGBA")
    image.putpixel((100, 50), (0, 0, 0, 0))
    made = make(made_up.encoded(image, "PNG"), tmp_path)
    found = opened(made, tmp_path).convert("RGBA").getpixel((100, 50))
    assert isinstance(found, tuple)
    assert found[3] == 0


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "CMYK", "I;16"])
def test_any_kind_of_colours_is_taken(tmp_path: Path, mode: str) -> None:
    image = Image.new("I;16", (60, 40), 30_000) if mode == "I;16" else made_up.scene(60, 40).convert(mode)
    made = make(made_up.encoded(image, "JPEG" if mode == "CMYK" else "PNG"), tmp_path)
    found = opened(made, tmp_path).convert("RGB")
    wanted = (117, 117, 117) if mode == "I;16" else image.convert("RGB").getpixel((30, 20))
    assert isinstance(wanted, tuple)
    assert near(found.getpixel((30, 20)), wanted)


def test_a_photograph_saved_as_png_becomes_smaller(tmp_path: Path) -> None:
    noise = Image.effect_noise((1200, 800), 40).convert("RGB")
    content = made_up.encoded(noise, "PNG")
    made = make(content, tmp_path)
    assert made.kind == "webp"
    assert made.size < len(content)


def test_the_same_picture_has_the_same_name(tmp_path: Path) -> None:
    first, second = (make(made_up.photograph(), tmp_path) for _ in range(2))
    assert first.name == second.name
    assert len(left(tmp_path)) == 3


def test_no_secret_goes_to_the_process_that_decodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import threading

    monkeypatch.setenv("LINKBACKS_SECRET_KEY", "do not tell")
    seen: list[bytes] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    if b"picture_making" in entry.read_bytes() and entry.parent.name != str(os.getpid()):
                        seen.append((entry.parent / "environ").read_bytes())
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    make(made_up.photograph(3000, 2000), tmp_path)
    done.set()
    watcher.join()
    assert any(seen)
    assert not any(b"do not tell" in environ for environ in seen[1:])


def test_what_an_interruption_left_is_swept_after_an_hour(tmp_path: Path) -> None:
    import os
    import time

    made = make(made_up.photograph(), tmp_path)
    stray, young, shop = (
        tmp_path / ("0" * 32 + ".jpg"),
        tmp_path / ("1" * 32 + ".jpg"),
        tmp_path / ".making-x",
    )
    stray.write_bytes(b"x")
    young.write_bytes(b"x")
    shop.mkdir()
    (shop / "upload").write_bytes(b"x")
    old = time.time() - 4000
    for path in (stray, shop, *tmp_path.glob(f"{made.name}*")):
        os.utime(path, (old, old))
    files = picture_files.files_of(made.name, made.kind, made.widths)
    assert picture_files.sweep(tmp_path, files) == 2
    assert left(tmp_path) == sorted([*files, young.name])
