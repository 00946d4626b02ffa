"""The press: texts are letters and nothing else; time, memory and pages are bounded; the same gives the same."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dovolen.desk.core.words import in_language
from dovolen.desk.documents import press
from dovolen.desk.documents.press import NotPrinted, PaperTooLong, bundled, clean, printed
from tests.desk import make_documents

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SECRET = "канарейка-файла-7f3a"
FIGURES = ("amount", "net", "discount", "tax", "words", "quantity", "paid", "to_pay", "to_pay_words")


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that no paper may show."""
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visitors() -> Iterator[tuple[int, list[Any]]]:
    """A door on this machine at which somebody would knock who fetches; who did."""
    came: list[Any] = []
    door = socket.create_server(("127.0.0.1", 0))

    def wait() -> None:
        while True:
            try:
                came.append(door.accept()[1])
            except OSError:
                return

    threading.Thread(target=wait, daemon=True).start()
    yield door.getsockname()[1], came
    door.close()


def facts(text: str) -> dict[str, Any]:
    """An estimate in which every text is this one."""
    row = dict.fromkeys(("name", "unit", "quantity", "price", "discount", "rate", "tax", "amount"), text) | {"n": 1}
    party = dict.fromkeys(("name", "line", "short"), text)
    order = dict.fromkeys(("asset", "serial", "plate", "odometer", "fault", "diagnosis", "promised", "receiver"), text)
    return {
        "language": "ru", "number": text, "date": text, "by": text, "footer": text,
        "seller": party, "client": party, "order": order | {"number": 1},
        "centre": dict.fromkeys(("name", "address", "phone", "hours"), text), "lines": [row],
        "totals": dict.fromkeys(FIGURES, text) | {"is_taxed": False, "taxes": [], "currency": "руб."},
    }  # fmt: skip


def estimate(text: str) -> press.Printed:
    return estimate_of(facts(text))


def estimate_of(told: dict[str, Any], at: datetime = AT) -> press.Printed:
    return printed("estimate-1", told, at=at, words=in_language("ru").beginning_with("papers.form."))


def payloads(path: Path, port: int) -> list[str]:
    """Forty ways to be more than letters."""
    away = f"http://127.0.0.1:{port}/"
    commands = [
        f'#read("{path}")', f'#read("/../..{path}")', f'#include "{path}"', f'#import "{path}": *',
        f'#image("{path}")', f'#json("{path}")', f'#csv("{path}")', f'#xml("{path}")', f'#yaml("{path}")',
        f'#toml("{path}")', f'#cbor("{path}")', f'#plugin("{path}")', f'#bibliography("{path}")',
        f'#raw(read("{path}"))', '#read("main.typ")', '#read("common-1.typ")', '#read("/etc/passwd")',
        f'#image("{away}a.png")', f'#include "{away}a.typ"', '#import "@preview/cetz:0.3.4"',
        '#import "@local/evil:1.0.0": *', f'#link("{away}")[x]', f"{away}x", "#sys.inputs", "#sys.version",
        '#eval("1+1")', '#panic("stop")', "#while true {}", "#let f() = f(); #f()", "#range(10000000000)",
        "#set page(width: 1pt)", "#pagebreak()" * 50, "$ x^2 $ *bold* _it_ `raw` = Heading", "<label> @ref",
        "\\u{1F4A3} \\ \\# \\[", "]#read(\"/etc/passwd\")[", '"; #read("/etc/passwd"); "', "#{" * 200, "//* /* */",
        "\u202e\u2066\u0000\ud800 \x1b[31m\ufeff",
    ]  # fmt: skip
    assert len(commands) == 40
    return commands


def test_forty_texts_that_would_be_programs_are_set_as_letters(secret: Path, visitors: tuple[int, list[Any]]) -> None:
    port, came = visitors
    texts = payloads(secret, port)
    told = facts("Замена экрана")
    told["lines"] = [told["lines"][0] | {"name": text} for text in texts]
    papers = [estimate_of(told), *(estimate(text) for text in texts[::8])]

    read = [make_documents.text_of(paper.pdf) for paper in papers]

    assert not [text for text in read if SECRET in text or "root:" in text]
    assert came == []
    whole = "".join(read[0].split())
    for text in texts:
        assert "".join(clean(text).split())[:12] in whole, text
    print(f"40 hostile texts in {len(papers)} papers: 0 bytes of files, 0 fetched")


@pytest.mark.parametrize(
    "text",
    ["слово " * 1_200_000, "\n" * 5_000_000, "строка\n" * 20_000],
    ids=["2000 pages of words", "ends of lines", "lines"],
)
def test_a_text_of_thousands_of_pages_is_refused_in_bounded_time(text: str) -> None:
    """The last passes the count of letters: it is stopped by the count of pages."""
    told = facts("Замена экрана")
    told["order"]["fault"] = text
    started = time.monotonic()

    with pytest.raises(PaperTooLong) as refusal:
        estimate_of(told)

    assert str(refusal.value).count(".") == 1
    assert time.monotonic() - started < press.PATIENCE


def test_a_form_that_takes_all_memory_or_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(press, "FORMS", tmp_path)
    monkeypatch.setattr(press, "SECONDS", 2)
    (tmp_path / press.COMMON).write_text("")
    (tmp_path / "hungry.typ").write_text('#let a = ("x" * 1000000,)\n#while true { a += a }')
    (tmp_path / "endless.typ").write_text(
        "#let i = 0\n#while i < 10000 { let j = 0; while j < 9000 { j += 1 }; i += 1 }"
    )

    for form in ("hungry", "endless"):
        started = time.monotonic()
        with pytest.raises((PaperTooLong, NotPrinted)):
            printed(form, {}, at=AT)
        assert time.monotonic() - started < press.PATIENCE


def test_a_form_reads_no_file_and_fetches_no_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secret: Path
) -> None:
    """Were a text ever evaluated, there would still be nothing within its reach."""
    monkeypatch.setattr(press, "FORMS", tmp_path)
    (tmp_path / press.COMMON).write_text("")
    depth = "../" * 12
    for place, code in enumerate(
        [f'#read("{secret}")', f'#read("{depth}etc/passwd")', '#import "@preview/cetz:0.3.4"', '#read("/etc/passwd")']
    ):
        (tmp_path / f"f{place}.typ").write_text(code)
        with pytest.raises(NotPrinted):
            printed(f"f{place}", {}, at=AT)


def test_the_same_facts_give_the_same_bytes_and_other_moments_others() -> None:
    once, again = estimate("Замена экрана"), estimate("Замена экрана")
    later = estimate_of(facts("Замена экрана"), datetime(2026, 11, 20, 9, 1, tzinfo=UTC))

    assert once.pdf == again.pdf
    assert later.pdf != once.pdf


def test_several_papers_in_one_print_keep_their_pages_and_their_size() -> None:
    import pypdfium2

    one = estimate("Первая")

    whole = bundled([(one.pdf, one.n_pages, False), (one.pdf, one.n_pages, True)], at=AT)

    with pypdfium2.PdfDocument(whole) as opened:
        sizes = [tuple(round(side) for side in page.get_size()) for page in opened]
    assert sizes == [(595, 842), (842, 595)]
    assert make_documents.text_of(whole).count("Смета № Первая") >= 2


def test_what_is_not_seen_does_not_reach_the_paper() -> None:
    assert clean({"a": ["x\u202ey\x00z\u200b", 5], "b": "1\r\n2\n\n\n\n3\t4"}) == {"a": ["xyz", 5], "b": "1\n2\n\n3 4"}
