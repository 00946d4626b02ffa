"""Pictures that strangers hand in: measured before they are opened, drawn anew, nothing kept but their pixels."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from dovolen.desk.core.errors import Refusal

JPEG = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "MPO", "GIF", "BMP")
"""What is opened at all; an MPO is a JPEG of some telephones."""
MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 64_000_000
"""That a picture may claim to have; more is never unpacked."""
KEPT_PIXELS = 12_000_000
THUMB = 320
LONGEST_SIDE = 16_000


class NotAPicture(Refusal):
    """What was handed in is no picture that we open."""

    key = "orders.refused.not_a_picture"


class PictureTooLarge(Refusal):
    """More bytes or pixels than any camera of ours makes."""

    key = "orders.refused.picture_too_large"


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and its small version: both JPEG without anything else in them."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def drawn(upload: bytes) -> Picture:
    """Draw what was handed in. Raises: NotAPicture, PictureTooLarge."""
    if len(upload) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(upload)
    except (PictureTooLarge, MemoryError, Image.DecompressionBombError) as error:
        raise PictureTooLarge from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        IndexError,
        TypeError,
    ) as error:
        raise NotAPicture from error


def _drawn(upload: bytes) -> Picture:
    with Image.open(io.BytesIO(upload), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise PictureTooLarge
        opened.draft("RGB", _kept_size(width, height))
        turned = ImageOps.exif_transpose(opened)
        full = _on_white(turned)
    full.thumbnail(_kept_size(*full.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    thumb = full.copy()
    thumb.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(_jpeg(full, 85), _jpeg(thumb, 80), full.width, full.height)


def _kept_size(width: int, height: int) -> tuple[int, int]:
    """The sides that a picture of these keeps: its shape, and no more pixels than are kept."""
    ratio = min(1.0, (KEPT_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * ratio)), max(1, int(height * ratio))


def _on_white(picture: Image.Image) -> Image.Image:
    """The pixels alone, what shines through on white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
