"""Words of codes and families; numbers are never changed."""

from django import forms

from injuries.models import Code, Family


class CodeForm(forms.ModelForm):
    class Meta:
        model = Code
        fields = ("label_zh", "label_en", "is_used", "source")


class FamilyForm(forms.ModelForm):
    class Meta:
        model = Family
        fields = ("label_zh", "label_en", "position", "is_used", "source")
