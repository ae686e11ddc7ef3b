"""Strangers' pictures: decoded within limits, and nothing but pixels goes on."""

from io import BytesIO
from time import monotonic

import pytest
from PIL import Image

from blog_linkbacks import imaging
from blog_linkbacks.imaging import BadPicture
from tests.faces.files import SECRET, SVG, picture, png


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_square_without_its_exif(kind: str) -> None:
    made = imaging.square(picture(kind), 96)
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("WEBP", (96, 96))
        assert not image.getexif()
    assert SECRET not in made


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_every_sort_of_pixel_is_taken(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (300, 200)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert imaging.kind_of(imaging.square(file.getvalue(), 96)) == "image/webp"


def test_a_picture_on_its_side_is_put_upright() -> None:
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(file, "JPEG", exif=exif)
    assert imaging.open_checked(file.getvalue(), max_pixels=1_000).size == (20, 40)


def test_what_is_see_through_stands_on_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(BytesIO(imaging.square(file.getvalue(), 8))) as image:
        assert image.convert("RGB").getpixel((4, 4)) == (255, 255, 255)


def test_a_file_that_is_two_things_leaves_the_second_behind() -> None:
    made = imaging.square(picture() + b"<script>alert(1)</script>", 96)
    assert b"script" not in made


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a JPEG"),
        (SVG, "not a JPEG"),
        (b"<!doctype html>", "not a JPEG"),
        (b"%PDF-1.7", "not a JPEG"),
        (b"GIF89a", "damaged"),
        (picture()[:400], "damaged"),
        (b"RIFF\x10\0\0\0WEBP<script>alert(1)</script>", "damaged"),
        (png(10, 10, b""), "damaged"),
        (png(60_000, 60_000), "too many pixels"),
        (png(10_000, 9_000), "too many pixels"),
        (png(0, 10), "damaged"),
        (png(20_000, 1), "too many pixels"),
    ],
)
def test_what_is_no_picture_or_too_much_is_refused_at_once(data: bytes, reason: str) -> None:
    start = monotonic()
    with pytest.raises(BadPicture, match=reason):
        imaging.square(data, 96)
    assert monotonic() - start < 1


def test_a_large_picture_is_made_to_fit_in_its_proportions() -> None:
    image = imaging.open_checked(picture(size=(800, 400)), max_pixels=1_000_000)
    assert imaging.within(image, 200, 200).size == (200, 100)
    assert imaging.within(image, 2000, 2000).size == (800, 400)
