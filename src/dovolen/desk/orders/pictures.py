"""Pictures that strangers hand in: measured before they are opened, drawn anew, nothing kept but their pixels."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image

from dovolen.desk.core.errors import Refusal

JPEG = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
"""What is opened at all."""
SHRINKING = ("JPEG", "MPO")
"""Formats that are unpacked at a fraction of their size, piece by piece; an MPO is the JPEG of some telephones."""
MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""That a picture may have which is unpacked whole; one that claims more is not touched."""
MOST_SHRUNK = 175_000_000
"""That a photo may have which is unpacked at a fraction: large sensors of telephones."""
LONGEST_SIDE = 20_000
KEPT_PIXELS = 12_000_000
THUMB = 320
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_few_at_once = threading.BoundedSemaphore(2)
"""Pictures unpacked in one process at a time: what is in memory stays bounded, however many are handed in."""


class NotAPicture(Refusal):
    """What was handed in is no picture that we open."""

    key = "orders.refused.not_a_picture"


class PictureTooLarge(Refusal):
    """More bytes or pixels than any camera of ours makes."""

    key = "orders.refused.picture_too_large"


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and its small version: both JPEG with nothing else in them."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def drawn(upload: bytes) -> Picture:
    """Draw what was handed in: its first frame, upright, on white. Raises: NotAPicture, PictureTooLarge."""
    if len(upload) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with _few_at_once, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(upload)
    except PictureTooLarge:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise PictureTooLarge from error
    except Exception as error:  # whatever a reader of foreign bytes stumbles over, it is no picture
        raise NotAPicture from error


def _drawn(upload: bytes) -> Picture:
    with Image.open(io.BytesIO(upload), formats=FORMATS) as opened:
        _check_size(opened)
        turn = _turn(opened)
        opened.draft("RGB", _kept_size(*opened.size))
        opened.load()
        full = _on_white(opened)
    if turn is not None:
        full = full.transpose(turn)
    full.info = {}  # comments and the like would be written again
    thumb = full.copy()
    thumb.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(_jpeg(full, 85), _jpeg(thumb, 80), full.width, full.height)


def _check_size(opened: Image.Image) -> None:
    """By what its head says, before a pixel is unpacked. Raises: PictureTooLarge."""
    width, height = opened.size
    shrinks = opened.format in SHRINKING and not opened.info.get("progressive")
    if width * height > (MOST_SHRUNK if shrinks else MOST_PIXELS) or max(width, height) > LONGEST_SIDE:
        raise PictureTooLarge


def _turn(opened: Image.Image) -> Image.Transpose | None:
    """How the camera was held. What it wrote may be broken: then as it is."""
    try:
        return TURNS.get(opened.getexif().get(ORIENTATION) or 0)
    except Exception:
        return None


def _kept_size(width: int, height: int) -> tuple[int, int]:
    """The sides that a picture of these keeps: its shape, and no more pixels than are kept."""
    ratio = min(1.0, (KEPT_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * ratio)), max(1, int(height * ratio))


def _on_white(opened: Image.Image) -> Image.Image:
    """The pixels alone, no more than are kept; what shines through stands on white."""
    size = _kept_size(*opened.size)
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        layer = _resized(opened.convert("RGBA"), size)
        ground = Image.new("RGB", size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return _resized(opened if opened.mode == "RGB" else opened.convert("RGB"), size).copy()


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
