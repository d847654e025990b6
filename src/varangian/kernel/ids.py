"""Identifiers that sort by time, and slugs that people can say."""

import os
import re
import time
import unicodedata
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def slugify(text: str, fallback: str = "item") -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or fallback


def short_code(length: int = 8) -> str:
    """Random code without letters that look alike, five bits a sign."""
    return "".join(ALPHABET[byte & 31] for byte in os.urandom(length))
