"""Web push against the vectors of RFC 8291, and a signature that a stranger can check."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from varangian.alerts.channels import push
from varangian.alerts.channels.words import Call, Undelivered

RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SHARED = "BTBZMqHH6r4Tts7J_aSIgg"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_sealed_as_the_rfc_shows():
    own = ec.derive_private_key(int.from_bytes(plain(SENDER)), push.CURVE)
    words = b"When I grow up, I want to be a watermelon"
    assert push.seal(words, RECEIVER, SHARED, own=own, salt=plain(SALT)) == plain(SEALED)


def test_every_message_has_a_key_of_its_own():
    assert push.seal(b"x", RECEIVER, SHARED) != push.seal(b"x", RECEIVER, SHARED)


def test_the_signature_names_the_service_and_can_be_checked_with_the_public_key():
    private, public = push.new_key()
    header = push.signature("https://push.example.org:8443/abc", private, "mailto:a@example.org")
    token, named = header.removeprefix("vapid t=").split(", k=")
    assert named == public
    head, body, mark = token.split(".")
    claims = json.loads(plain(body))
    assert claims["aud"] == "https://push.example.org:8443"
    assert json.loads(plain(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = plain(mark)
    key = ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, plain(public))
    halves = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(halves, f"{head}.{body}".encode(), ec.ECDSA(SHA256()))


def test_a_spoilt_key_of_a_browser_is_gone_for_good():
    browser = push.Browser("https://push.example.org/abc", "AAAA", SHARED)
    with pytest.raises(Undelivered) as caught:
        push.send(browser, Call("4F2A", "/", True), private=push.new_key()[0], contact="mailto:a@b")
    assert caught.value.gone


def test_only_a_code_leaves_the_house():
    assert Call("4F2A", "/alerts/", True).words == "ALERT 4F2A, open Varangian"
    assert Call("4F2A", "/", True, exercise=True).words == "EXERCISE ALERT 4F2A, open Varangian"
