"""The words of DATABASE_URL reach every connection, and a silent end is noticed on both sides."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from varangian.platform.database.connect import django_database, role_dsn

URL = (
    "postgresql://house:secret@db1,db2/ops?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    "&target_session_attrs=read-write&options=-c%20statement_timeout%3D60000&keepalives_idle=9"
)


@pytest.fixture(autouse=True)
def managed(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", URL)


@pytest.mark.parametrize("role", ["app", "worker"])
def test_all_words_count_and_the_role_is_ours(role):
    django, plain = django_database(role), conninfo_to_dict(role_dsn(role))
    assert (django["HOST"], django["NAME"], django["USER"]) == ("db1,db2", "ops", "house")
    for options in (django["OPTIONS"], plain):
        assert options["sslrootcert"] == "/etc/ca.pem"
        assert options["target_session_attrs"] == "read-write"
        assert options["keepalives_idle"] == "9", "what the URL says goes first"
        assert options["tcp_user_timeout"] == "4000"
        assert options["application_name"].startswith(f"varangian {role} ")
        words = options["options"]
        assert words.startswith("-c statement_timeout=60000 ")
        assert words.endswith(f"-c role=varangian_{role}") and "-c tcp_keepalives_idle=1 " in words
    assert "password" not in django["OPTIONS"]


def test_the_owner_stays_the_owner():
    assert "role=" not in django_database("owner")["OPTIONS"]["options"]
    assert "role=" not in role_dsn("owner")
