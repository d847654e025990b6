"""What a person may type about people, members and tokens."""

from typing import Any

from django import forms

from varangian.kernel.clock import now

from .models import User
from .queries import user_by_email
from .roles import Role

ROLES = [(role.value, role.words) for role in Role]


class InviteForm(forms.Form):
    name = forms.CharField(max_length=120)
    email = forms.EmailField(max_length=254, label="E-mail")
    call_sign = forms.CharField(max_length=40, required=False)
    duty = forms.ChoiceField(
        choices=[
            ("", "Member of details, by invitation of their leaders"),
            ("administrator", "Administrator: manages people, sees no content"),
            ("auditor", "Auditor: reads the audit, sees no content"),
        ],
        required=False,
        label="Account",
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is already a person with this address.")
        return email

    def fields_of(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        duty = given.pop("duty")
        return {**given, "administrator": duty == "administrator", "auditor": duty == "auditor"}


class MemberForm(forms.Form):
    email = forms.EmailField(max_length=254, label="E-mail")
    role = forms.ChoiceField(choices=ROLES)
    until = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="UTC. Empty means until somebody removes them.",
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if user_by_email(email) is None:
            raise forms.ValidationError("Nobody has this address. Ask an administrator to invite.")
        return email

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and until <= now():
            raise forms.ValidationError("This moment has passed.")
        return until

    def fields_of(self) -> dict[str, Any]:
        user = user_by_email(self.cleaned_data["email"])
        role = Role(self.cleaned_data["role"])
        return {"user": user, "role": role, "until": self.cleaned_data["until"]}


class TokenForm(forms.Form):
    label = forms.CharField(max_length=80, help_text="What uses it: a script, a phone, a gateway.")
    scope = forms.ChoiceField(choices=[("read", "Read only"), ("write", "Read and write")])
    days = forms.IntegerField(min_value=1, max_value=366, initial=30, label="Days until it expires")

    def fields_of(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "label": given["label"],
            "writes": given["scope"] == "write",
            "days": given["days"],
        }
