"""Plain in memory, sealed in the row; bound to row and column; gone when the key is gone."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from tests import factories

from varangian.kernel.results import Refused
from varangian.places.models import Place
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.platform.crypto.fields import ERASED
from varangian.platform.crypto.models import SubjectKey
from varangian.platform.crypto.providers import FileKey

pytestmark = pytest.mark.django_db
SECRET = "Villa Invented, bell at the side door"


@pytest.fixture
def contract():
    return factories.engagement()


def make(contract, key=None, **fields) -> Place:
    return Place.objects.create(
        compartment=contract.compartment,
        key=key or keys.create(),
        slug=f"p-{Place.objects.count()}",
        **{"name": SECRET, "position": [60.17, 24.94], **fields},
    )


def column(place: Place, name: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"select {name} from places_place where id = %s", [place.pk])
        return bytes(cursor.fetchone()[0])


def put(place: Place, name: str, blob: bytes) -> Place:
    with connection.cursor() as cursor:
        cursor.execute(f"update places_place set {name} = %s where id = %s", [blob, place.pk])
    return Place.objects.get(pk=place.pk)


@pytest.mark.parametrize("text", ["", "plain", "Ünïcode 東京 🛡", "a\nb\t\"'", "x" * 20_000])
def test_texts_come_back_as_they_went_in(contract, text):
    assert Place.objects.get(pk=make(contract, notes=text).pk).notes == text


@pytest.mark.parametrize("value", [[], [60.123456, -24.9], [0, 0]])
def test_shapes_come_back_as_they_went_in(contract, value):
    assert Place.objects.get(pk=make(contract, position=value).pk).position == value


def test_what_was_never_set_is_empty_and_not_none(contract):
    place = Place.objects.get(pk=make(contract).pk)
    assert (place.notes, place.phone) == ("", "")


def test_no_plaintext_lies_in_the_row_or_its_audit(contract):
    place = make(contract)
    for name in ("name", "position"):
        blob = column(place, name)
        assert SECRET.encode() not in blob and b"60.17" not in blob and len(blob) > 28
    entries = AuditEntry.objects.filter(table_name="places_place", record=str(place.pk))
    assert entries.exists()
    for entry in entries:
        assert "Villa" not in json.dumps(entry.changes, default=str)


def test_the_same_text_is_never_sealed_the_same(contract):
    one, two = make(contract, phone=SECRET), make(contract)
    blobs = {column(one, "name"), column(one, "phone"), column(two, "name")}
    assert len(blobs) == 3


def test_a_ciphertext_moved_to_another_row_does_not_open(contract):
    key = keys.create()
    one, two = make(contract, key), make(contract, key, name="Another")
    moved = put(two, "name", column(one, "name"))
    with pytest.raises(InvalidTag):
        _ = moved.name


def test_a_ciphertext_moved_to_another_column_does_not_open(contract):
    place = make(contract)
    moved = put(place, "notes", column(place, "name"))
    assert moved.name == SECRET
    with pytest.raises(InvalidTag):
        _ = moved.notes


def test_a_changed_byte_does_not_open(contract):
    place = make(contract)
    blob = bytearray(column(place, "name"))
    blob[-1] ^= 1
    with pytest.raises(InvalidTag):
        _ = put(place, "name", bytes(blob)).name


def test_a_row_given_another_key_does_not_open(contract):
    place = make(contract)
    Place.objects.filter(pk=place.pk).update(key=keys.create())
    with pytest.raises(InvalidTag):
        _ = Place.objects.get(pk=place.pk).name


def test_what_did_not_change_is_not_sealed_anew(contract):
    place = Place.objects.get(pk=make(contract).pk)
    before = column(place, "name")
    assert place.name == SECRET
    place.phone = "+358 1"
    place.save()
    assert column(place, "name") == before
    last = AuditEntry.objects.filter(table_name="places_place", record=str(place.pk)).latest("pk")
    assert "phone" in last.changes and "name" not in last.changes


def test_saving_twice_seals_once(contract):
    place = make(contract)
    before = column(place, "name")
    place.save()
    place.save(update_fields=["name"])
    assert column(place, "name") == before and place.name == SECRET


def test_a_new_value_is_read_back_before_and_after_saving(contract):
    place = make(contract)
    place.name = "Moved"
    assert place.name == "Moved"
    place.save(update_fields=["name"])
    assert place.name == "Moved" == Place.objects.get(pk=place.pk).name


def test_deferred_columns_are_read_when_asked(contract):
    place = Place.objects.only("id", "key_id").get(pk=make(contract).pk)
    assert place.name == SECRET


def test_sealed_columns_are_not_written_past_the_record(contract):
    place = make(contract)
    with pytest.raises(ImproperlyConfigured, match="save the record"), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(name="plain")
    assert Place.objects.get(pk=place.pk).name == SECRET


def test_an_erased_key_erases_every_row_under_it_and_no_other(contract):
    key = keys.create()
    gone, kept = make(contract, key), make(contract)
    keys.destroy(key.pk)
    shown = Place.objects.get(pk=gone.pk)
    assert (shown.name, shown.position) == (ERASED, [])
    assert Place.objects.get(pk=kept.pk).name == SECRET
    row = SubjectKey.objects.get(pk=key.pk)
    assert row.wrapped is None and row.destroyed_at
    shown.name = "New content"
    with pytest.raises(Refused, match="erased"):
        shown.save()


def test_an_erased_row_can_still_be_saved_beside_its_sealed_columns(contract):
    key = keys.create()
    place = make(contract, key)
    keys.destroy(key.pk)
    shown = Place.objects.get(pk=place.pk)
    shown.slug = "erased"
    shown.save(update_fields=["slug"])
    assert Place.objects.get(pk=place.pk).slug == "erased"


def test_a_tombstone_remembers_what_a_restore_must_erase_again(
    contract, django_capture_on_commit_callbacks
):
    key = keys.create()
    with django_capture_on_commit_callbacks(execute=True):
        keys.destroy(key.pk)
    assert str(key.pk) in keys.tombstones().read_text().splitlines()


def test_keys_are_wrapped_and_bound_to_their_own_id(contract):
    one, two = keys.create(), keys.create()
    plain = keys.data_key(one.pk)
    assert plain and len(plain) == 32 and plain not in bytes(one.wrapped)
    assert plain != keys.data_key(two.pk)
    SubjectKey.objects.filter(pk=two.pk).update(wrapped=one.wrapped)
    keys.forget_open_keys()
    with pytest.raises(InvalidTag):
        keys.data_key(two.pk)


def test_the_master_key_is_made_once_and_only_for_the_service(tmp_path):
    path = tmp_path / "keys" / "master.key"
    one = FileKey(path)
    wrapped = one.wrap(b"k" * 32, b"ctx")
    assert path.stat().st_mode & 0o777 == 0o600
    assert FileKey(path).unwrap(wrapped, b"ctx") == b"k" * 32
    with pytest.raises(InvalidTag):
        one.unwrap(wrapped, b"other")
    path.write_bytes(b"short")
    with pytest.raises(Refused, match="damaged"):
        one.wrap(b"k" * 32, b"ctx")


def test_a_shape_changed_in_place_is_saved(contract):
    place = Place.objects.get(pk=make(contract, position=[60.0, 24.0]).pk)
    place.position[0] = 61.5
    place.save()
    assert Place.objects.get(pk=place.pk).position == [61.5, 24.0]
    place.position.append(9)
    place.save(update_fields=["position"])
    assert Place.objects.get(pk=place.pk).position == [61.5, 24.0, 9]


def test_a_shape_that_was_never_set_can_be_filled_in_place():
    operation = factories.operation()
    known = type(operation).objects.get(pk=operation.pk)
    known.plan["signals"] = "Channel 4"
    known.save()
    assert type(operation).objects.get(pk=operation.pk).plan == {"signals": "Channel 4"}


def test_what_was_only_read_is_not_sealed_anew(contract):
    made = make(contract)
    before = {name: column(made, name) for name in ("name", "position")}
    place = Place.objects.get(pk=made.pk)
    assert place.position and place.name
    assert place.notes == ""
    place.save()
    assert before == {name: column(made, name) for name in before}
    with connection.cursor() as cursor:
        cursor.execute("select notes is null from places_place where id = %s", [made.pk])
        assert cursor.fetchone() == (True,)


def test_an_erased_shape_takes_no_change_in_place(contract):
    made = make(contract)
    keys.destroy(made.key_id)
    place = Place.objects.get(pk=made.pk)
    place.position.append(1)
    with pytest.raises(Refused, match="erased"):
        place.save()
