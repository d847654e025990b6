"""A model field that is plain in memory and sealed in the database, its audit and its dumps."""

import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from varangian.kernel.results import Refused

ERASED = "[erased]"


class Sealed:
    """Ciphertext as it lies in the row, and the plain value once it was asked for.

    ``said`` is that value as it was written: a dict or list may be changed in place since.
    """

    __slots__ = ("blob", "opened", "plain", "said")

    def __init__(self, blob: bytes | None) -> None:
        self.blob, self.opened = blob, False
        self.plain: Any = None
        self.said = b""

    def open(self, plain: Any) -> None:
        self.plain, self.opened, self.said = plain, True, _written(plain)

    @property
    def changed(self) -> bool:
        return self.opened and _written(self.plain) != self.said


def _written(plain: Any) -> bytes:
    return json.dumps(plain, ensure_ascii=False, default=str).encode()


class SealedAttribute:
    def __init__(self, field: "SealedField") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname)
        if value is None and self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
            value = instance.__dict__.get(self.field.attname)
        if value is None:
            value = instance.__dict__[self.field.attname] = Sealed(None)
        if not isinstance(value, Sealed):
            return value
        if not value.opened:
            blob = value.blob
            value.open(self.field.empty() if blob is None else self.field.unseal(instance, blob))
        return value.plain

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):
    """JSON value under AES-256-GCM; the row and column are bound in as associated data."""

    def __init__(self, *args: Any, shape: type = str, **kwargs: Any) -> None:
        self.shape = shape
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.shape is not str:
            kwargs["shape"] = self.shape
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, SealedAttribute(self))

    def empty(self) -> Any:
        return self.shape()

    def get_default(self) -> Any:
        return None

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed):
            if not value.changed:
                return value.blob
            value = value.plain
        if value is None:
            return None
        sealed = Sealed(self.seal(model_instance, value))
        sealed.open(value)
        model_instance.__dict__[self.attname] = sealed
        return sealed.blob

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Sealed):
            value = value.blob
        if value is not None and not isinstance(value, bytes | memoryview):
            raise ImproperlyConfigured(f"{self.name} is sealed: save the record, not the column")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: Any) -> str:
        return ""

    def seal(self, instance: Any, value: Any) -> bytes:
        key = _key(instance.key_id)
        if key is None:
            raise Refused(
                "This record was erased and takes no new content",
                mend="Make a new record for the person.",
            )
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, _written(value), self._bound(instance))

    def unseal(self, instance: Any, blob: bytes) -> Any:
        key = _key(instance.key_id)
        if key is None:
            return ERASED if self.shape is str else self.empty()
        return json.loads(AESGCM(key).decrypt(blob[:12], blob[12:], self._bound(instance)))

    def _bound(self, instance: Any) -> bytes:
        return f"{instance._meta.db_table}:{instance.pk}:{self.attname}".encode()


def _key(key_id: Any) -> bytes | None:
    from .keys import data_key

    if key_id is None:
        raise ImproperlyConfigured("a sealed record needs the key of its subject")
    return data_key(key_id)
