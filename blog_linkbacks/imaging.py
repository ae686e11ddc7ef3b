"""Pictures that strangers send: decoded within limits, and encoded anew so that nothing but pixels remains."""

from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

KINDS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
MAX_SIDE = 16_383  # pixels: the most that WebP can hold

TROUBLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)


class BadPicture(ValueError):  # noqa: N818
    """Not a picture that is taken; `reason` is a sentence for whoever sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_checked(data: bytes, *, max_pixels: int, draft: int = 0) -> Image.Image:
    """The first frame of a picture of one of KINDS, upright, in sRGB, mode RGB or RGBA; raises BadPicture.

    The kind is told by the content. No pixel is decoded before the declared size was found to be within
    `max_pixels`. With `draft`, a large one may come smaller, its sides no shorter than so many pixels: what comes
    after decoding then needs little memory.
    """
    try:
        image = _declared(data, max_pixels)
        if draft:
            image.draft(None, (draft, draft))
        image.load()
        return _plain(_halved(image, draft))
    except MemoryError as error:
        raise BadPicture("The picture takes too much memory to read. Make it smaller first.") from error
    except BOMBS as error:
        raise BadPicture(_too_large(max_pixels)) from error
    except TROUBLE as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("The picture is damaged: it cannot be read to its end.") from error


def kind_of(data: bytes) -> str:
    """The media type of a file by its first bytes; empty for what is none of KINDS."""
    if data[:3] == b"\xff\xd8\xff":
        return KINDS["JPEG"]
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return KINDS["PNG"]
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return KINDS["GIF"]
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return KINDS["AVIF"]
    return KINDS["WEBP"] if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def within(image: Image.Image, width: int, height: int) -> Image.Image:
    """The whole picture at no more than this size in pixels, in its proportions; never larger than it was."""
    smaller = image.copy()
    smaller.thumbnail((width, height), Image.Resampling.LANCZOS)
    return smaller


def square(data: bytes, side: int, *, max_pixels: int = 16_000_000) -> bytes:
    """A file's middle as a WebP of `side` by `side` pixels, on white where it is see-through; raises BadPicture."""
    image = open_checked(data, max_pixels=max_pixels, draft=side)
    return encoded(on_white(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)), "WEBP", quality=80)


def on_white(image: Image.Image) -> Image.Image:
    """The picture without see-through parts."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def encoded(image: Image.Image, kind: str, *, quality: int = 82) -> bytes:
    """The pixels alone as a file of a kind of KINDS: no EXIF, profile, comment, or other frame goes along."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    if kind == "JPEG":
        clean = on_white(clean)
    file = BytesIO()
    clean.save(file, kind, quality=quality, optimize=True, progressive=True, method=4)
    return file.getvalue()


def _too_large(max_pixels: int) -> str:
    return f"The picture has too many pixels; {max_pixels // 1_000_000} million fit."


def _declared(data: bytes, max_pixels: int) -> Image.Image:
    if not kind_of(data):
        raise BadPicture("This is not a JPEG, PNG, GIF, WebP or AVIF picture.")
    try:
        image = Image.open(BytesIO(data), formats=tuple(KINDS))
    except UnidentifiedImageError as error:
        raise BadPicture("The picture is damaged: its beginning cannot be read.") from error
    width, height = image.size
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise BadPicture(_too_large(max_pixels))
    return image


def _halved(image: Image.Image, least: int) -> Image.Image:
    factor = min(image.size) // least if least else 1
    return image.reduce(factor) if factor > 1 and image.mode in ("RGB", "RGBA", "L", "CMYK") else image


def _plain(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, with a mode that every format here can hold."""
    profile = image.info.get("icc_profile")
    see_through = image.has_transparency_data
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    upright = ImageOps.exif_transpose(image)
    if profile and upright.mode in ("RGB", "RGBA"):
        upright = _in_srgb(upright, profile)
    return upright.convert("RGBA" if see_through else "RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as they were meant; as they stand where the profile is of no use."""
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, *TROUBLE):
        return image
    return image if turned is None else turned
