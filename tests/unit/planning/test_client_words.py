"""What a client does not read: names, sources, code words, medical facts."""

import pytest

from varangian.kernel.results import Refused
from varangian.planning.client_words import Secret, found_in, long_words, names, refuse_secrets

SECRETS = [
    *names("a person's name", ["Tomas Berg", "Ng"]),
    Secret("a code word", "Saffron"),
    *long_words("something medical", ["Penicillin (rash); pen in the left coat pocket"]),
]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Berg stood at the gate", "a person's name: Berg"),
        ("TOMAS BERG stood there", "a person's name: TOMAS BERG"),
        ("The word saffron was said", "a code word: saffron"),
        ("She had penicillin with her", "something medical: penicillin"),
        ("Her asthma was bad", "something medical: asthma"),
        ("The blood group was asked", "something medical: blood group"),
    ],
)
def test_it_finds(words, told):
    assert told in found_in(words, SECRETS)
    with pytest.raises(Refused, match="client does not read"):
        refuse_secrets(words, SECRETS, where="words")


@pytest.mark.parametrize(
    "words",
    [
        "The post at the left gate was taken late",
        "The iceberg hotel and its pocket garden",
        "Singing in the hall",
        "The medic stood ready",
        "",
    ],
)
def test_everyday_words_pass(words):
    assert found_in(words, SECRETS) == []
