"""Nobody signs up by themselves: people are invited. Refusals at the door are in plain words."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": (
            "Too many wrong passwords: this account is locked for five minutes. "
            "Wait, or ask an administrator for a one-time sign-in link."
        ),
        "email_password_mismatch": "The e-mail address or the password is wrong.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False
