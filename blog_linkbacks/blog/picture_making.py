"""One uploaded file into those that are served. Runs as a process of its own, bounded in memory and time.

`python -m blog_linkbacks.blog.picture_making FILE FOLDER` writes them into FOLDER and says on standard output what
it made, or why it refused, as JSON.
"""

import json
import resource
import sys
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

from blog_linkbacks import imaging
from blog_linkbacks.imaging import BadPicture
from blog_linkbacks.stowaways import stowaway

WIDTH, HEIGHT = 1600, 8000  # pixels: the largest file that is served
SMALLER = (800, 400)  # pixels: the widths of those for small screens and lists
MAX_PIXELS = 60_000_000
MAX_FRAMES = 600
MAX_MOVING = 100_000_000  # pixels of all frames of an animation together
MEMORY = 1_000_000_000  # bytes of address space
SECONDS = 40  # of computing
FILE = 100_000_000  # bytes: the most that one file may grow to
SMALL_PNG = 400_000  # bytes: up to there a PNG stays one

_SUFFIX = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def main(source: Path, folder: Path) -> dict[str, Any]:
    """What was made of the file, or a refusal."""
    _bound()
    try:
        data = source.read_bytes()
        if also := stowaway(data):
            raise BadPicture(
                f"The file is not only a picture: it is also {also}. Save it anew and send that."
            )
        first = imaging.open_checked(data, max_pixels=MAX_PIXELS, draft=WIDTH)
        return _animation(data, folder) if _frames(data) > 1 else _still(first, imaging.kind_of(data), folder)
    except BadPicture as error:
        return {"refused": error.reason}
    except MemoryError:
        return {"refused": "The picture takes too much memory to read. Make it smaller first."}


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _still(first: Image.Image, kind: str, folder: Path) -> dict[str, Any]:
    full = imaging.within(first, WIDTH, HEIGHT)
    form, content = _encoded(full, kind)
    suffix = _SUFFIX[form]
    (folder / f"full.{suffix}").write_bytes(content)
    widths = []
    for width in SMALLER:
        smaller = (
            imaging.encoded(imaging.within(first, width, HEIGHT), form) if width < full.width else content
        )
        if len(smaller) < len(content):
            (folder / f"{width}.{suffix}").write_bytes(smaller)
            widths.append(width)
    return {"kind": suffix, "width": full.width, "height": full.height, "widths": widths}


def _encoded(image: Image.Image, kind: str) -> tuple[str, bytes]:
    """A photograph stays a JPEG, a small drawing a PNG; all else is a WebP."""
    if kind == imaging.KINDS["JPEG"]:
        return "JPEG", imaging.encoded(image, "JPEG")
    if kind in (imaging.KINDS["PNG"], imaging.KINDS["GIF"]):
        content = imaging.encoded(image, "PNG")
        if len(content) <= SMALL_PNG:
            return "PNG", content
    return "WEBP", imaging.encoded(image, "WEBP", quality=86)


def _frames(data: bytes) -> int:
    """How many pictures follow each other in it; what cannot be counted is not one of the kinds that move."""
    image = _opened(data)
    if image.format not in ("GIF", "WEBP", "PNG", "AVIF"):
        return 1  # the further pictures in a JPEG are other views of the first
    try:
        return int(getattr(image, "n_frames", 1))
    except (*imaging.TROUBLE, *imaging.BOMBS) as error:
        raise BadPicture("The animation is damaged: it cannot be read to its end.") from error


def _animation(data: bytes, folder: Path) -> dict[str, Any]:
    image, frames = _opened(data), _frames(data)
    width, height = image.size
    most = min(MAX_FRAMES, MAX_MOVING // (width * height))
    if width > WIDTH or frames > most:
        raise BadPicture(
            f"The animation has {frames:,} frames of {width:,} by {height:,} pixels. "
            + (f"No more than {most:,} fit." if width <= WIDTH else f"It may be {WIDTH:,} wide.")
        )
    try:
        _save_animation(image, folder / "full.webp")
    except (*imaging.TROUBLE, *imaging.BOMBS) as error:
        raise BadPicture("The animation is damaged: it cannot be read to its end.") from error
    return {"kind": "webp", "width": width, "height": height, "widths": []}


def _save_animation(image: Image.Image, path: Path) -> None:
    durations = [_duration(frame) for frame in ImageSequence.Iterator(image)]
    loop = image.info.get("loop", 1 if image.format == "GIF" else 0)
    nothing: dict[str, Any] = {"exif": b"", "icc_profile": b"", "xmp": b"", "background": (0, 0, 0, 0)}
    image.save(path, "WEBP", save_all=True, duration=durations, loop=loop, quality=75, method=2, **nothing)


def _duration(frame: Image.Image) -> int:
    """How many milliseconds a frame is seen; some kinds say so only once it is decoded."""
    frame.load()
    return int(frame.info.get("duration") or 100)


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=tuple(imaging.KINDS))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201
