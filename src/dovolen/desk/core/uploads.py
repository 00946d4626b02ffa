"""How much may be sent at once: a body is measured before a byte of it is written to the disk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST = 256 * 2**20
"""Of any form, by anybody: photos, papers, statements."""
MOST_OF_IMPORT = 8 * 2**30
"""Of files that who may import brings at once."""
IMPORTS, RIGHT = "/imports/", "import data"


class Measured(FileUploadHandler):
    """Refuses a body that is too large; leaves all else to the handlers behind it."""

    def handle_raw_input(self, *told: Any, **more: Any) -> None:
        """Raises: RequestDataTooBig."""
        length = more.get("content_length", told[2] if len(told) > 2 else 0)
        if length > (MOST_OF_IMPORT if self._brings_data() else MOST):
            raise RequestDataTooBig("more was sent than is taken at once")

    def _brings_data(self) -> bool:
        request: Any = self.request
        user = getattr(request, "user", None)
        return request.path == IMPORTS and bool(user and user.is_authenticated and user.may(RIGHT))

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """What came, for the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing is kept here."""
