"""What a person may type about a principal."""

from .people import (
    ContactForm,
    EraseForm,
    MedicalForm,
    PreferencesForm,
    PrincipalForm,
    UnmaskForm,
    WindowForm,
)

__all__ = [
    "ContactForm",
    "EraseForm",
    "MedicalForm",
    "PreferencesForm",
    "PrincipalForm",
    "UnmaskForm",
    "WindowForm",
]
