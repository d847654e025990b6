"""The certificate authority of the house, for its TAK clients only.

Its key lies in the home beside the master key and sealed by it; the machines of one house share
that folder. RSA, because that is what the oldest client in use still reads.
"""

import fcntl
import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.crypto.providers import provider

BITS = 2048
CONTEXT = b"varangian tak authority"
TEN_YEARS, YEAR, SERVER_DAYS = timedelta(days=3650), timedelta(days=365), timedelta(days=730)
RENEW = timedelta(days=60)
SLACK = timedelta(days=1)
"""A phone whose clock is a day behind must not find the certificate not yet valid."""
STORE_PASSWORD = "atakatak"  # noqa: S105 what every TAK client tries first; guards nothing
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Authority:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)


def folder() -> Path:
    return Path(settings.KEYS) / "tak"


def authority() -> Authority:
    """Made at the first use."""
    with _alone():
        if not (folder() / "ca.pem").exists():
            _found()
        certificate = x509.load_pem_x509_certificate((folder() / "ca.pem").read_bytes())
        plain = provider().unwrap((folder() / "ca.key").read_bytes(), CONTEXT)
    key = serialization.load_der_private_key(plain, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Authority(certificate, key)


@contextmanager
def _alone() -> Iterator[None]:
    """Two processes that start together make one authority."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _found() -> None:
    key = _new_key()
    name = _name("Varangian TAK authority")
    certificate = (
        _base(name, name, key.public_key(), key, TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _put("ca.key", provider().wrap(plain, CONTEXT))
    _put("ca.pem", certificate.public_bytes(PEM))


def hosts() -> list[str]:
    """Names under which clients may reach this house, the one to tell them first."""
    given = [name for name in os.environ.get("VARANGIAN_TAK_HOST", "").split(",") if name]
    known = [name.strip("[]") for name in settings.ALLOWED_HOSTS if name and "*" not in name]
    return list(dict.fromkeys([*given, *known, "127.0.0.1", "localhost"]))


def server_files() -> tuple[Path, Path]:
    """Certificate and key of the endpoint, renewed when its names or its time call for it."""
    ours = authority()
    certificate, key = folder() / "server.pem", folder() / "server.key"
    with _alone():
        if not _still_good(certificate, ours):
            _make_server(ours)
    return certificate, key


def _still_good(path: Path, ours: Authority) -> bool:
    if not path.exists() or not (folder() / "server.key").exists():
        return False
    shown = x509.load_pem_x509_certificate(path.read_bytes())
    names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    told = {str(name.value) for name in names}
    fresh = shown.not_valid_after_utc - now() > RENEW
    return fresh and told == set(hosts()) and shown.issuer == ours.certificate.subject


def _make_server(ours: Authority) -> None:
    key = _new_key()
    names = x509.SubjectAlternativeName([_general(host) for host in hosts()])
    name = _name(hosts()[0])
    certificate = (
        _base(name, ours.certificate.subject, key.public_key(), ours.key, SERVER_DAYS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(ours.key, hashes.SHA256())
    )
    plain = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _put("server.key", plain)
    _put("server.pem", certificate.public_bytes(PEM) + ours.pem)


def sign(request: bytes, *, name: str, ours: Authority) -> x509.Certificate:
    """The name in the request counts for nothing: the certificate carries the one of the house."""
    try:
        asked = _request(request)
    except ValueError as error:
        raise Refused("This is no certificate request") from error
    if not asked.is_signature_valid:
        raise Refused("The request is not signed by its own key")
    return _client(_strong(asked.public_key()), name, ours)


def _strong(key: object) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= BITS:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= 256:
        return key
    raise Refused("The key of the request is too weak", mend="RSA with 2,048 bits, or P-256.")


def _request(text: bytes) -> x509.CertificateSigningRequest:
    """Clients send it with or without its frame lines."""
    if b"BEGIN" in text:
        return x509.load_pem_x509_csr(text.replace(b" NEW CERTIFICATE", b" CERTIFICATE"))
    body = b"\n".join(text.split())
    frame = b"CERTIFICATE REQUEST-----\n"
    return x509.load_pem_x509_csr(b"-----BEGIN " + frame + body + b"\n-----END " + frame)


def issue(*, name: str, ours: Authority) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Certificate and key for a client that cannot make a request of its own."""
    key = _new_key()
    return _client(key.public_key(), name, ours), key


def _client(
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, name: str, ours: Authority
) -> x509.Certificate:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return (
        _base(_name(name), ours.certificate.subject, key, ours.key, YEAR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(usage, critical=False)
        .sign(ours.key, hashes.SHA256())
    )


def trust_store(ours: Authority) -> bytes:
    return pkcs12.serialize_java_truststore(
        [pkcs12.PKCS12Certificate(ours.certificate, b"varangian")], _old(STORE_PASSWORD)
    )


def key_store(
    certificate: x509.Certificate, key: rsa.RSAPrivateKey, ours: Authority, password: str
) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"varangian", key, certificate, [ours.certificate], _old(password)
    )


def _old(password: str) -> serialization.KeySerializationEncryption:
    """The oldest form that OpenSSL still writes: Android before 14 and WinTAK read no other."""
    form = serialization.PrivateFormat.PKCS12.encryption_builder()
    form = form.kdf_rounds(50_000).hmac_hash(hashes.SHA1())  # noqa: S303
    form = form.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    return form.build(password.encode())


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=BITS)


def _name(common: str) -> x509.Name:
    words = "".join(sign for sign in common if sign.isprintable())[:64] or "device"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Varangian"),
            x509.NameAttribute(NameOID.COMMON_NAME, words),
        ]
    )


def _base(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    signer: rsa.RSAPrivateKey,
    lives: timedelta,
) -> x509.CertificateBuilder:
    at, above = now(), x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SLACK)
        .not_valid_after(at + lives)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(above, critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _put(name: str, content: bytes) -> None:
    """Whole or not at all, and readable by the house alone from the first byte."""
    partial = folder() / f"{name}.{os.getpid()}"
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    partial.replace(folder() / name)
