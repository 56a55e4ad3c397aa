"""What every form of several fields does alike: its looks, its words for what is missing, refusals beside their field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError

_CLASSES: dict[type[forms.Widget], str] = {
    forms.Textarea: "sheet-input sheet-input--short",
    forms.RadioSelect: "",
    forms.CheckboxInput: "",
}


class SheetForm(forms.Form):
    """A form whose fields are shown by components/sheet_field.html."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            classes = _CLASSES.get(type(field.widget), "input input--wide")
            if classes:
                field.widget.attrs.setdefault("class", classes)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Hãy điền ô này.")

    def refuse(self, refusal: DomainError) -> None:
        """Say what a service refused, beside the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def carried_out(request: HttpRequest, form: SheetForm, do: Callable[[User, datetime], object], said: str = "") -> bool:
    """Do what a filled form asks, by who is signed in and now, and say so; a refusal is said at the form.

    Returns whether it was done: then one redirects, else the form is shown with what is wrong.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        do(cast(User, request.user), timezone.now())
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    if said:
        messages.success(request, said)
    return True
