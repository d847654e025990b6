"""Number plates as people and cameras read them: one canonical form, and what is one slip away."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

ALIKE = str.maketrans("OQDIBSZG", "00018526")
"""Letters that are taken for digits and the other way round, by eye and by machine."""
LEAST = 4
"""Shorter readings name too many vehicles."""


def canonical(plate: str) -> str:
    """Upper case, letters and digits only, umlauts as the letters below them, look-alikes made one;
    empty when too short to tell."""
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKD", plate.upper()))
    return plain.translate(ALIKE) if len(plain) >= LEAST else ""


def one_slip(plate: str, others: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which of ``others`` have the same length and differ in exactly one character."""
    width = len(plate)
    same = np.char.str_len(others) == width
    found = np.zeros(len(others), bool)
    if not width or not same.any():
        return found
    table = np.ascontiguousarray(others[same].astype(f"<U{width}")).view(np.uint32)
    wanted = np.array([ord(letter) for letter in plate], np.uint32)
    found[same] = (table.reshape(-1, width) != wanted).sum(axis=1) == 1
    return found
