"""Alarm panels: sums, codes, the clock, and messages that are sealed."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from varangian.surveillance.sensors import sia

NOW = datetime(2026, 11, 30, 14, 12, 4, tzinfo=UTC)
KEY = "00112233445566778899aabbccddeeff"


def stamp(at: datetime = NOW) -> str:
    return f"{at:_%H:%M:%S,%m-%d-%Y}"


def sealed(inner: str, key: str = KEY) -> str:
    text = "|" + inner
    text = "A" * (-len(text) % 16) + text
    sealer = Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(bytes(16))).encryptor()
    return (sealer.update(text.encode()) + sealer.finalize()).hex().upper()


def test_the_sum_is_the_one_of_the_standard():
    assert sia.crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    ("text", "code", "zone"),
    [
        ('"SIA-DCS"0001R0L0#1234[#1234|Nri1/BA01]', "BA", "1"),
        ('"SIA-DCS"0002L0#1234[#1234|NHA003]', "HA", "3"),
        ('"ADM-CID"0003R1L0#1234[#1234|1130 01 015]', "BA", "15"),
        ('"ADM-CID"0003R1L0#1234[#1234|3130 01 015]', "BR", "15"),
        ('"ADM-CID"0004R1L0#1234[#1234|1120 01 000]', "PA", ""),
        ('"NULL"0000R0L0#1234[]', "", ""),
    ],
)
def test_what_a_panel_says_is_read(text, code, zone):
    message = sia.read(sia.frame(text))
    found = sia.happened(message, "", NOW)
    assert (message.account, found.code, found.zone) == ("1234", code, zone)


def test_what_is_garbled_gets_no_answer():
    good = sia.frame('"SIA-DCS"0001R0L0#1234[#1234|NBA01]')
    for bad in (b"", b"\r", good[:-4] + b"]\r", good.replace(b"BA", b"FA"), b"\n" + b"0" * 2000):
        with pytest.raises(sia.Garbled):
            sia.read(bad)


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (-39, True), (19, True), (-41, False), (21, False)]
)
def test_the_clock_has_a_window(seconds, good):
    at = stamp(NOW + timedelta(seconds=seconds))
    message = sia.read(sia.frame(f'"SIA-DCS"0001R0L0#1234[#1234|NBA01]{at}'))
    if good:
        assert sia.happened(message, "", NOW).at == NOW + timedelta(seconds=seconds)
        return
    with pytest.raises(sia.Stale):
        sia.happened(message, "", NOW)


def test_a_sealed_message_opens_with_its_key_alone():
    body = sealed(f"#1234|NPA02]{stamp()}")
    message = sia.read(sia.frame(f'"*SIA-DCS"0007R0L0#1234[{body}'))
    found = sia.happened(message, KEY, NOW)
    assert (found.code, found.words) == ("PA", "Panic alarm, zone 2")
    with pytest.raises(sia.Unusable):
        sia.happened(message, KEY[::-1], NOW)
    with pytest.raises(sia.Unusable):
        sia.happened(message, "", NOW)
    plain = sia.read(sia.frame('"SIA-DCS"0001R0L0#1234[#1234|NBA01]'))
    with pytest.raises(sia.Unusable):
        sia.happened(plain, KEY, NOW)


def test_answers_are_messages_themselves():
    plain = sia.read(sia.frame('"SIA-DCS"0042R0L0#1234[#1234|NBA01]'))
    assert sia.acknowledge(plain, "", NOW)[9:] == b'"ACK"0042R0L0#1234[]\r'
    assert b'"DUH"0042' in sia.unable(plain)
    assert sia.refuse(NOW).endswith(b"_14:12:04,11-30-2026\r")
    body = sealed(f"#1234|NBA01]{stamp()}")
    message = sia.read(sia.frame(f'"*SIA-DCS"0007R0L0#1234[{body}'))
    answer = sia.read(sia.acknowledge(message, KEY, NOW))
    assert answer.encrypted and len(bytes.fromhex(answer.body)) % 16 == 0
