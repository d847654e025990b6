"""Forms of the edge."""

from django import forms

from ..services.nodes import DAYS, MOST_DAYS


class EnrolForm(forms.Form):
    label = forms.CharField(max_length=60, help_text="Such as: car 1, or the venue.")
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=DAYS, label="Days")


class SettleForm(forms.Form):
    words = forms.CharField(max_length=300, label="What holds")
