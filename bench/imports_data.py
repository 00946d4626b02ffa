"""Files for the bench of the import: clients as other systems list them, orders of many years."""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST = "Анна Мария Елена Ольга Иван Пётр Олег Сергей Наталья Юрий Мурат Азамат Ксения Фёдор Лилия Роман".split()
LAST = (
    "Карпов Соколов Лебедев Орлов Зайцев Ершов Белов Громов Титов Фомин Широков Панов Юдин Рябов Чернов Бойко".split()
)
MIDDLE = "Олегович Иванович Петрович Сергеевич Юрьевич Романович Фёдорович Муратович".split()
STREETS = "Ленина Мира Садовая Лесная Полевая Школьная Победы Гагарина".split()
BRANDS = ("Asus X515", "Acer Aspire 3", "Lenovo IdeaPad", "HP 255", "Apple A2338", "Xiaomi Redmi 9", "Samsung A52")


def clients(n: int, seed: int = 1) -> Iterator[list[str]]:
    """Rows of a list of clients with its header; phones in several writings, one in fifty with none."""
    rng = random.Random(seed)
    yield ["Код клиента", "ФИО", "Телефон", "Email", "Адрес"]
    for i in range(n):
        name = f"{rng.choice(LAST)} {rng.choice(FIRST)} {rng.choice(MIDDLE)} {i % 977}"
        number = 9_000_000_000 + (i * 7_919_317) % 999_999_999
        digits = str(number)
        writings = (f"+7{digits}", f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}", digits, f"7{digits}")
        phone = "" if i % 50 == 0 else rng.choice(writings)
        mail = f"client{i}@example.org" if i % 3 else ""
        yield [f"K{i:07}", name, phone, mail, f"ул. {rng.choice(STREETS)}, {rng.randrange(1, 200)}"]


def orders(n: int, n_clients: int, seed: int = 2) -> Iterator[list[str]]:
    """Rows of finished orders with their header, in order of time."""
    rng = random.Random(seed)
    yield [
        "Номер заказа",
        "Код клиента",
        "Принят",
        "Готов",
        "Выдан",
        "Мастер",
        "Неисправность",
        "Себестоимость",
        "Сумма",
    ]
    for i in range(n):
        day = i * 2_500 // n
        date = f"{1 + day % 28:02}.{1 + day // 28 % 12:02}.{2018 + day // 336}"
        sum_ = rng.randrange(800, 30_000)
        yield [
            f"A{i:08}", f"K{rng.randrange(n_clients):07}", f"{date} 10:{i % 60:02}", f"{date} 16:00", f"{date} 18:30",
            f"Мастер {i % 12}", f"Не включается {rng.choice(BRANDS)}", str(sum_ // 3), f"{sum_},00",
        ]  # fmt: skip
