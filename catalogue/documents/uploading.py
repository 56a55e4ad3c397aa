"""Refusing an upload that is too big while it comes in, so that nothing of it lies on a disk."""

from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from .checking import too_big
from .models import BIGGEST

_BESIDES = 1_000_000  # bytes of a request that are not the file: the other fields of its form


def sent(request: HttpRequest, name: str = "file") -> UploadedFile | None:
    """Return the file of a form by the name of its field, None when none was chosen. Raises BadDocument when it was broken off."""
    if getattr(request, "upload_too_big", False):
        raise too_big()
    return request.FILES.get(name)


class StopsAtLimit(FileUploadHandler):
    """First in line: gives the file on while it keeps to the limit, and breaks off when it does not.

    What stood before the file in the form was read by then, the CSRF token among it; the file is missing, and
    `request.upload_too_big` says why. Django's handlers behind this one remove what they had written.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._came = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._came = 0
        if self._announced > BIGGEST + _BESIDES:
            self._break_off()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._came += len(raw_data)
        if self._came > BIGGEST:
            self._break_off()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _break_off(self) -> None:
        if self.request is not None:
            self.request.upload_too_big = True  # type: ignore[attr-defined]
        raise StopUpload(connection_reset=True)
