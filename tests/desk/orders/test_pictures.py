"""Pictures that strangers hand in: measured first, drawn anew, nothing kept but pixels; bombs and disguises refused."""

from __future__ import annotations

import io
import struct
import time
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.orders import pictures
from dovolen.desk.orders.pictures import NotAPicture, Picture, PictureTooLarge, drawn
from tests.desk import make

CANARY = b"CANARY-59.9386N-30.3141E"


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_a_photo_is_drawn_with_a_small_version() -> None:
    picture = drawn(make.photo(1600, 1200))

    full, thumb = opened(picture.full), opened(picture.thumb)
    assert (full.format, full.size, thumb.size) == ("JPEG", (1600, 1200), (320, 240))
    assert (picture.width, picture.height) == (1600, 1200)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "1"), ("WEBP", "RGB"),
        ("WEBP", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK"), ("JPEG", "L"),
    ],
)  # fmt: skip
def test_every_way_to_keep_a_picture_becomes_a_plain_one(form: str, mode: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").convert(mode).save(out, form)

    full = opened(drawn(out.getvalue()).full)

    assert (full.format, full.mode, full.size) == ("JPEG", "RGB", (40, 30))
    assert min(full.getpixel((20, 15))) > 240


def test_what_shines_through_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")

    assert opened(drawn(out.getvalue()).full).getpixel((5, 5)) == (255, 255, 255)


def test_no_more_pixels_are_kept_than_are_needed_and_the_shape_stays() -> None:
    picture = drawn(make.photo(5600, 4200))

    assert picture.width * picture.height <= pictures.KEPT_PIXELS
    assert picture.width / picture.height == pytest.approx(4 / 3, rel=0.001)


def test_a_picture_in_two_frames_of_a_telephone_is_its_first() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (24, 16), colour) for colour in ("white", "black")]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    assert Image.open(io.BytesIO(out.getvalue())).format == "MPO"

    assert min(opened(drawn(out.getvalue()).full).getpixel((3, 3))) > 240


@pytest.mark.parametrize(
    ("turn", "corner"), [(1, (0, 0)), (3, (39, 19)), (6, (19, 0)), (8, (0, 39)), (5, (0, 0)), (99, (0, 0))]
)
def test_it_stands_as_the_camera_was_held(turn: int, corner: tuple[int, int]) -> None:
    photo = Image.new("RGB", (40, 20), "white")
    photo.paste("black", (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, quality=95)

    full = opened(drawn(out.getvalue()).full)

    assert max(full.getpixel(corner)) < 60


def hidden(form: str) -> bytes:
    """A picture that carries a place, a comment, a profile and more behind its end."""
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[1] = CANARY.decode()
    out = io.BytesIO()
    options: dict[str, Any] = {"exif": exif}
    if form == "JPEG":
        options |= {"comment": CANARY, "icc_profile": CANARY}
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        told = PngInfo()
        told.add_text("Comment", CANARY.decode())
        options |= {"pnginfo": told, "icc_profile": CANARY}
    if form == "WEBP":
        options |= {"xmp": CANARY, "icc_profile": CANARY}
    Image.new("RGB", (30, 20), "teal").save(out, form, **options)
    return out.getvalue() + b"<script>alert(1)</script>" + CANARY + b"PK\x03\x04<?php system($_GET[0]); ?>"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_comment_profile_and_whatever_stands_behind_are_gone(form: str) -> None:
    upload = hidden(form)
    assert CANARY in upload

    picture = drawn(upload)

    for data in (picture.full, picture.thumb):
        assert CANARY not in data
        assert b"script" not in data
        assert b"php" not in data
        assert not opened(data).getexif()
        assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
        assert data.endswith(b"\xff\xd9")


DISGUISED = {
    "empty": b"",
    "text": b"just text",
    "html": b"<html><script>alert(1)</script></html>",
    "html as gif": b"GIF89a<script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj",
    "zip": b"PK\x03\x04" + b"\0" * 200,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file",
    "half a jpeg": make.photo(400, 300)[:400],
    "half a png": make.photo(400, 300, form="PNG")[:60],
    "head of a png": b"\x89PNG\r\n\x1a\n",
    "head of a webp": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "elf": b"\x7fELF" + b"\x01" * 100,
    "tiff": make.photo(form="TIFF"),
    "bmp": make.photo(form="BMP"),
}


@pytest.mark.parametrize("data", DISGUISED.values(), ids=DISGUISED.keys())
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        drawn(data)


def png_that_claims(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG whose head says a size; what follows unpacks to `pixels`."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")


def jpeg_that_claims(width: int, height: int) -> bytes:
    data = bytearray(make.photo(16, 16))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(data)


BOMBS = {
    "30000 x 30000 png": png_that_claims(30_000, 30_000, b"\0" * 10_000_000),
    "30000 x 30000 jpeg": jpeg_that_claims(30_000, 30_000),
    "a line of a million": png_that_claims(1_000_000, 1),
    "two thousand million": png_that_claims(2**31 - 1, 2**31 - 1),
    "gif": b"GIF89a"
    + struct.pack("<HH", 65_535, 65_535)
    + b"\x00\x00\x00,\0\0\0\0"
    + struct.pack("<HH", 65_535, 65_535),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_by_its_head_at_once(data: bytes) -> None:
    since = time.perf_counter()

    with pytest.raises((PictureTooLarge, NotAPicture)):
        drawn(data)

    assert time.perf_counter() - since < 0.5


def test_a_photo_that_unpacks_piece_by_piece_may_be_larger_than_one_that_does_not(monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10_000)
    monkeypatch.setattr(pictures, "MOST_SHRUNK", 40_000)

    drawn(make.photo(200, 200))
    for data in (make.photo(200, 200, form="PNG"), make.photo(200, 200, progressive=True), make.photo(201, 200)):
        with pytest.raises(PictureTooLarge):
            drawn(data)


def test_more_bytes_than_any_camera_makes_are_not_looked_at(monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)

    with pytest.raises(PictureTooLarge):
        drawn(make.photo(100, 100))


def test_texts_that_unpack_to_more_than_they_seem_are_refused() -> None:
    body = b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000, 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    png = make.photo(form="PNG")
    head = png.index(b"IDAT") - 4

    with pytest.raises(NotAPicture):
        drawn(png[:head] + chunk + png[head:])


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.integers(0, 2**32), st.binary(min_size=1, max_size=40))
def test_whatever_is_broken_in_a_picture_it_is_drawn_or_refused(form: str, place: int, rubbish: bytes) -> None:
    data = bytearray(make.photo(48, 32, form=form))
    place %= len(data)
    data[place : place + len(rubbish)] = rubbish

    with suppress(NotAPicture, PictureTooLarge):
        assert isinstance(drawn(bytes(data)), Picture)


def test_broken_notes_of_the_camera_do_not_spoil_the_photo() -> None:
    photo = make.photo()
    rubbish = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 60
    broken = photo[:2] + b"\xff\xe1" + struct.pack(">H", len(rubbish) + 2) + rubbish + photo[2:]

    assert (drawn(broken).width, drawn(broken).height) == (8, 6)
