"""Uploads stop at the limit while they arrive, not after they have filled the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Limited(FileUploadHandler):
    """Refuses a body above MAX_UPLOAD_BYTES by its declared or its real length."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        self.seen = 0
        if content_length > settings.MAX_UPLOAD_BYTES:
            raise RequestDataTooBig(_words(content_length))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.MAX_UPLOAD_BYTES:
            raise RequestDataTooBig(_words(self.seen))
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def _words(size: int) -> str:
    limit = settings.MAX_UPLOAD_BYTES // 1024 // 1024
    return f"The file has {size / 1024 / 1024:.0f} MB; the limit is {limit} MB."
