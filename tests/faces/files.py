"""Picture files as strangers send them: honest ones, and such as mean harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image

SECRET = b"51.5007N 0.1246W"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), colour: str = "green") -> bytes:
    """A picture of one colour, with a place in its EXIF where the kind has one."""
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    Image.new("RGB", size, colour).save(file, kind, exif=exif)
    return file.getvalue()


def png(width: int, height: int, data: bytes = b"\0" * 1000) -> bytes:
    """A PNG that says it has this size, whatever it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(data)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
