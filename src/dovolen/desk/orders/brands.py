"""Makers known by name: «ASUS TUF Gaming A15», typed in one field, is a maker and a model."""

from __future__ import annotations

BRANDS = (
    "Acer", "AEG", "Apple", "Ariston", "Asus", "Atlant", "Audi", "Beko", "BMW", "Bosch", "Brother", "Canon", "Changan",
    "Chery", "Chevrolet", "Citroen", "Daewoo", "Dell", "DJI", "Dyson", "Electrolux", "EPSON", "Ford", "Fujifilm",
    "Geely", "Gigabyte", "Google", "Gorenje", "Haier", "Hansa", "Haval", "Hisense", "Honda", "Honor", "Hotpoint", "HP",
    "HTC", "Huawei", "Hyundai", "Indesit", "Infinix", "Infiniti", "JBL", "Kia", "Kyocera", "LADA", "Land Rover",
    "Lenovo", "Lexus", "LG", "Liebherr", "Maibenben", "Makita", "Mazda", "Meizu", "Mercedes-Benz", "Microsoft", "Midea",
    "Miele", "Mitsubishi", "Motorola", "MSI", "Nikon", "Nintendo", "Nissan", "Nokia", "OnePlus", "Opel", "Oppo",
    "Pantum", "Panasonic", "Peugeot", "Philips", "POCO", "Polaris", "Porsche", "Realme", "Redmond", "Renault", "Ricoh",
    "Roborock", "Samsung", "Sharp", "Siemens", "Skoda", "Sony", "Subaru", "Suzuki", "TCL", "Tecno", "Tefal", "Toshiba",
    "Toyota", "Vivo", "Volkswagen", "Volvo", "Whirlpool", "Xerox", "Xiaomi", "Zanussi", "ZTE", "Лада", "ГАЗ", "УАЗ",
)  # fmt: skip
FOLDED = {brand.casefold(): brand for brand in BRANDS}
MODELS = {
    "iphone": "Apple", "ipad": "Apple", "macbook": "Apple", "imac": "Apple", "redmi": "Xiaomi", "galaxy": "Samsung",
    "thinkpad": "Lenovo", "playstation": "Sony",
}  # fmt: skip
"""Models that name their maker by themselves: they keep their whole name."""
LONGEST = 60


def split(text: str) -> tuple[str, str]:
    """Maker and model of what was typed; the maker is empty where none is known."""
    told = " ".join(text.split())
    for n in (2, 1):
        head, rest = " ".join(told.split()[:n]), " ".join(told.split()[n:])
        if rest and head.casefold() in FOLDED:
            return (head if head.isupper() else FOLDED[head.casefold()])[:LONGEST], rest
    first = told.partition(" ")[0].casefold()
    return MODELS.get(first, ""), told
