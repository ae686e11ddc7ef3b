"""The pictures of `flask demo`, drawn when it runs: the same every time."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw
from PIL.ImageDraw import ImageDraw as Pen

WIDTH, HEIGHT = 1200, 720
_FINE = 2  # drawn larger and made smaller, so that edges are smooth

Colour = tuple[int, int, int]
Point = tuple[float, float]


def beds() -> BytesIO:
    """Raised beds that run towards the hills, below a morning sky."""
    with _sheet((250, 226, 190), (246, 244, 232)) as (image, pen):
        _disc(pen, (900, 190), 74, (244, 176, 108))
        _hill(pen, 330, 46, 620, 0.6, (151, 172, 158))
        _hill(pen, 372, 30, 440, 2.2, (116, 146, 126))
        pen.rectangle(_box(0, 400, WIDTH, HEIGHT), fill=(186, 172, 140))
        for bed in range(-3, 4):
            _bed(pen, bed)
    return _file(image)


def jar() -> BytesIO:
    """A jar in which sand, silt and clay have settled, on a windowsill."""
    with _sheet((214, 228, 232), (238, 240, 234)) as (image, pen):
        pen.rectangle(_box(0, 590, WIDTH, HEIGHT), fill=(222, 206, 180))
        pen.rectangle(_box(0, 590, WIDTH, 602), fill=(202, 184, 156))
        pen.rounded_rectangle(_box(440, 130, 760, 620), 44 * _FINE, fill=(226, 232, 228))
        for top, bottom, colour in _LAYERS:
            pen.rectangle(_box(456, top, 744, bottom), fill=colour)
        pen.rounded_rectangle(_box(456, 524, 744, 604), 30 * _FINE, fill=_LAYERS[-1][2])
        pen.rounded_rectangle(_box(426, 92, 774, 150), 14 * _FINE, fill=(140, 104, 78))
        pen.rounded_rectangle(_box(480, 184, 500, 560), 10 * _FINE, fill=(244, 247, 244))
    return _file(image)


def can() -> BytesIO:
    """A watering can over young plants, late in the evening."""
    with _sheet((64, 88, 122), (236, 168, 128)) as (image, pen):
        _disc(pen, (240, 520), 96, (250, 214, 150))
        _hill(pen, 560, 22, 520, 1.0, (72, 76, 70))
        pen.rectangle(_box(0, 620, WIDTH, HEIGHT), fill=(56, 48, 44))
        for x in range(120, WIDTH, 96):
            _plant(pen, (x, 630), 26 + x % 17, (96, 132, 88))
        _watering_can(pen)
    return _file(image)


_LAYERS: tuple[tuple[int, int, Colour], ...] = (
    (210, 300, (196, 206, 196)),
    (300, 430, (178, 122, 88)),
    (430, 510, (150, 112, 84)),
    (510, 564, (206, 174, 124)),
)


@contextmanager
def _sheet(above: Colour, below: Colour) -> Iterator[tuple[Image.Image, Pen]]:
    """A canvas whose colour goes from one at its top to the other at its foot."""
    slope = Image.linear_gradient("L").resize((WIDTH * _FINE, HEIGHT * _FINE))
    image = Image.merge("RGB", [slope.point(_between(*ends)) for ends in zip(above, below, strict=True)])
    yield image, ImageDraw.Draw(image)


def _between(start: int, end: int) -> list[int]:
    return [round(start + (end - start) * step / 255) for step in range(256)]


def _file(image: Image.Image) -> BytesIO:
    file = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(file, "JPEG", quality=88)
    file.seek(0)
    return file


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * _FINE, top * _FINE, right * _FINE, bottom * _FINE


def _shape(pen: Pen, points: list[Point], colour: Colour) -> None:
    pen.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)


def _disc(pen: Pen, middle: Point, radius: float, colour: Colour) -> None:
    x, y = middle
    pen.ellipse(_box(x - radius, y - radius, x + radius, y + radius), fill=colour)


def _hill(pen: Pen, top: float, rise: float, length: float, shift: float, colour: Colour) -> None:
    line = [(x, top + rise * sin(2 * pi * x / length / 2 + shift)) for x in range(0, WIDTH + 1, 8)]
    _shape(pen, [*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)


def _bed(pen: Pen, number: int) -> None:
    """One bed from the front to the horizon, with rows of green that grow smaller."""
    far, near, top = 600 + 62 * number, 600 + 300 * number, 420
    _shape(pen, [(far - 22, top), (far + 22, top), (near + 112, HEIGHT), (near - 112, HEIGHT)], (92, 66, 50))
    for row in range(1, 10):
        depth = (row / 9) ** 1.7
        middle, reach = far + (near - far) * depth, 15 + 62 * depth
        for side in (-1, 0, 1):
            colour = (92 + 24 * (row % 2), 142 + 10 * side, 84)
            _plant(pen, (middle + side * reach, top + (HEIGHT - top) * depth), 8 + 26 * depth, colour)


def _plant(pen: Pen, foot: Point, size: float, colour: Colour) -> None:
    """Five leaves from one foot."""
    x, y = foot
    for turn in (0.15, 0.32, 0.5, 0.68, 0.85):
        tip = (x + size * cos(pi * turn), y - size * sin(pi * turn))
        _shape(pen, [(x, y), _aside(foot, tip, 0.22), tip, _aside(foot, tip, -0.22)], colour)


def _aside(foot: Point, tip: Point, width: float) -> Point:
    """A point beside the middle of a leaf."""
    across, up = tip[0] - foot[0], tip[1] - foot[1]
    return foot[0] + across / 2 - up * width, foot[1] + up / 2 + across * width


def _watering_can(pen: Pen) -> None:
    metal, dark = (52, 96, 98), (38, 74, 78)
    pen.arc(_box(812, 254, 992, 420), 270, 90, fill=dark, width=18 * _FINE)
    _shape(pen, [(700, 330), (506, 232), (496, 252), (700, 400)], metal)
    _shape(pen, [(528, 206), (474, 282), (488, 290), (546, 218)], dark)
    _shape(pen, [(690, 250), (900, 250), (916, 440), (676, 440)], metal)
    pen.ellipse(_box(690, 234, 900, 266), fill=dark)
    for drop in range(24):
        x, y = 478 - 11 * (drop % 6) - 10 * (drop // 6), 300 + 66 * (drop // 6) + 9 * (drop % 6)
        pen.line(_box(x, y, x - 6, y + 26), fill=(214, 228, 232), width=3 * _FINE)
