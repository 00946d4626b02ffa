"""Why an import is not brought, not checked, not loaded, not undone."""

from __future__ import annotations

from dovolen.desk.core.errors import Refusal


class EmptyFile(Refusal):
    """There is nothing in it."""

    key = "import.refused.empty"


class TooLarge(Refusal):
    """A file is larger than the house takes."""

    key = "import.refused.too_large"


class BadAddress(Refusal):
    """What was typed is no address of a base that is read."""

    key = "import.refused.bad_address"


class HostNotNamed(Refusal):
    """The server's configuration does not let imports reach this host."""

    key = "import.refused.host_not_named"


class BadMapping(Refusal):
    """The mapping cannot be read, or names columns that are not ours."""

    key = "import.refused.bad_mapping"


class BadChoice(Refusal):
    """A currency, zone, date order, decimal sign or centre that is none."""

    key = "import.refused.bad_choice"


class OtherCurrency(Refusal):
    """The house reckons in another currency and has orders in it already."""

    key = "import.refused.other_currency"


class NotNow(Refusal):
    """The import is at another point of its way."""

    key = "import.refused.not_now"


class Touched(Refusal):
    """Somebody worked with rows of it since: undoing would take away his work."""

    key = "import.refused.touched"


class Broken(Refusal):
    """The process that did it died again and again at the same place."""

    key = "import.refused.broken"
