"""Pictures made for tests: honest ones, and those that somebody means harm with."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw

GPS = b"51.5007"


def scene(width: int = 900, height: int = 600) -> Image.Image:
    """A picture whose top left corner is red and whose bottom right one is blue."""
    image = Image.new("RGB", (width, height), (90, 140, 70))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 4, height // 4), fill=(230, 20, 20))
    draw.rectangle((width * 3 // 4, height * 3 // 4, width, height), fill=(20, 20, 230))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photograph(width: int = 900, height: int = 600, orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it: with a place, a device, a comment and a colour profile."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of Ida", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 29: GPS.decode()})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(scene(width, height), exif=exif, comment=b"taken at home", icc_profile=profile)


def animation(frames: int = 8, kind: str = "GIF", size: tuple[int, int] = (120, 80)) -> bytes:
    made = [Image.new("RGB", size, (number * 37 % 256, 90, 40)) for number in range(frames)]
    return encoded(made[0], kind, save_all=True, append_images=made[1:], duration=80, loop=0)


def polyglots() -> dict[str, bytes]:
    """Files that are a picture to one program and something else to another."""
    photo = encoded(scene(300, 200))
    html = b"<html><script>alert(document.domain)</script></html>"
    gif = encoded(scene(300, 200), "GIF")
    comment = b"\xff\xfe" + struct.pack(">H", len(html) + 2) + html
    return {
        "html behind": photo + html,
        "html in a comment": photo[:2] + comment + photo[2:],
        "zip behind": photo + b"PK\x03\x04" + b"evil.class" * 20 + b"PK\x05\x06" + bytes(18),
        "script as gif": gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1);",
        "pdf in a comment": photo[:2] + b"\xff\xfe" + struct.pack(">H", len(PDF) + 2) + PDF + photo[2:],
        "php in png": png_with(b"tEXt", b"Comment\0<?php system($_GET[0]);?><script>alert(1)</script>"),
    }


def png_with(kind: bytes, content: bytes) -> bytes:
    png = encoded(scene(60, 40), "PNG")
    return png[:33] + _chunk(kind, content) + png[33:]


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few kilobytes that wants gigabytes once it is unpacked."""
    size = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(1_000_000)) for _ in range(200)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + size + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\nendobj\n"
