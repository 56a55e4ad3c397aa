"""What every form of several fields does alike: its looks, its words for what is missing, and refusals beside their field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
