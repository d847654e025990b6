"""What the two kinds of door ask of whoever knocks."""

import ssl

from .authority import folder, server_files


def context(*, client_certificate: bool) -> ssl.SSLContext:
    certificate, key = server_files()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate, key)
    if client_certificate:
        made.load_verify_locations(folder() / "ca.pem")
        made.verify_mode = ssl.CERT_REQUIRED
    return made
