"""The form that confirms, drops and changes what is required of an answer, and what that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.platforms.choices import Assurance as AssuranceChoice
from catalogue.platforms.choices import Deployment, Freshness
from catalogue.templatetags.catalogue_ui import vndate

from . import services, wording
from .answer import required_from_json
from .engine.constraints import (
    BUDGET,
    CONNECTED,
    DEADLINE_FORM,
    DEPLOYMENT,
    KINDS,
    MODES,
    MOST_COUNTED,
    MOST_MONEY,
    asked_for,
    read_money,
)
from .engine.types import Assurance, Required
from .models import Run

State = Mapping[str, Sequence[str]]  # the form's values as typed, by the name of their field
TAKE_OFF = "bo"  # the button that takes one requirement off: its kind and value


class WhatIfForm(forms.Form):
    """What is required of the next answer. The fields are named as in the API; `budget` is typed as people write it."""

    budget = forms.CharField(required=False, max_length=60)
    budget_vnd_max = forms.IntegerField(required=False, min_value=0, max_value=MOST_MONEY)
    deployment = forms.MultipleChoiceField(choices=Deployment.choices, required=False)
    users = forms.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    sites = forms.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    security_level = forms.IntegerField(required=False, min_value=1, max_value=5)
    deadline = forms.RegexField(rf"(?i)^{DEADLINE_FORM}\Z", required=False, max_length=10)
    data_in_vietnam = forms.BooleanField(required=False)
    connections = forms.MultipleChoiceField(choices=[(name, name) for name in CONNECTED], required=False)
    mode = forms.ChoiceField(choices=[(name, name) for name in MODES], required=False)
    offline = forms.BooleanField(required=False)
    min_assurance = forms.ChoiceField(
        choices=AssuranceChoice.choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Hãy chọn một trong các mức bảo đảm dưới đây.")},
    )
    confirmed = forms.ChoiceField(choices=Freshness.choices, required=False)
    top = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=services.MOST_RESULTS,
        error_messages={
            name: gettext_lazy("Số sản phẩm là một số từ 1 đến 50.") for name in ("invalid", "min_value", "max_value")
        },
    )

    def clean_budget(self) -> int | None:
        typed = self.cleaned_data["budget"].strip()
        dong = read_money(typed) if typed else None
        if typed and dong is None:
            raise forms.ValidationError(
                gettext_lazy("Hãy ghi số tiền kèm đơn vị, như 500 triệu, 1,5 tỷ hoặc 500.000.000.")
            )
        return dong

    def required(self) -> Required:
        """Return the requirements. What is typed as budget goes before what was read."""
        given = self.cleaned_data
        budget = given["budget_vnd_max"] if given["budget"] is None else given["budget"]
        return Required(
            deployment=frozenset(given["deployment"]),
            budget_vnd_max=budget,
            users=given["users"],
            sites=given["sites"],
            security_level=given["security_level"],
            deadline=given["deadline"].upper() or None,
            mode=given["mode"] or None,
            data_in_vietnam=given["data_in_vietnam"],
            connections=frozenset(given["connections"]),
            offline=given["offline"],
            confirmed_since=Freshness(given["confirmed"]).since(timezone.localdate()) if given["confirmed"] else None,
        )

    def asked(self, run: Run) -> services.Asked:
        """Return the run's question with these requirements."""
        given, required = self.cleaned_data, self.required()
        again = services.Asked.again(run)
        level = Assurance.parse(given["min_assurance"]) if given["min_assurance"] else again.min_assurance
        return replace(again, required=required, min_assurance=level, top=given["top"] or again.top)


def is_state(data: QueryDict) -> bool:
    """Say whether an address carries requirements to be tried."""
    return any(name in data for name in WhatIfForm.base_fields)


def state_of_run(run: Run) -> dict[str, list[str]]:
    """Return the form as it stands for a run: its own requirements."""
    required = required_from_json(run.required)
    return state(required, Assurance.parse(run.min_assurance), run.top, _found_budgets(run))


def state(required: Required, level: Assurance, top: int, found_budgets: Sequence[int] = ()) -> dict[str, list[str]]:
    """Return what the form's fields hold for such requirements."""
    values: dict[str, list[str]] = {"min_assurance": [level.key], "top": [str(top)]}
    for kind, value in asked_for(required):
        if kind == BUDGET and value not in found_budgets:
            values["budget"] = [f"{value:,}".replace(",", ".")]
        else:
            values.setdefault(kind, []).append(written(value))
    if required.confirmed_since is not None:
        values["confirmed"] = [Freshness.YEAR.value]
    return values


def taken_off(data: QueryDict) -> QueryDict:
    """Return the posted values without the requirement whose button was pressed."""
    kind, _, value = data.get(TAKE_OFF, "").partition(":")
    data = data.copy()
    if kind == "min_assurance":
        data[kind] = Assurance.LISTED.key
    elif kind in (*KINDS, "confirmed"):
        data.setlist(kind, [one for one in data.getlist(kind) if one != value])
    return data


def shown(run: Run, form: forms.Form, typed: State) -> dict[str, Any]:
    """Return what the page needs to draw the form, with what is typed in it."""
    found = [(one["kind"], one["value"], one["words"]) for one in run.answer["constraints"]]
    known = {(kind, value) for kind, value, _ in found}
    required = required_from_json(run.required)
    added = [
        (kind, value, "")
        for kind, value in asked_for(required)
        if kind not in (BUDGET, DEPLOYMENT) and (kind, value) not in known
    ]
    read = {value for kind, value, _ in found if kind == DEPLOYMENT}
    level = typed.get("min_assurance", [run.min_assurance])[-1]
    return {
        "form": form,
        "items": [
            {
                "id": f"{kind}-{at}",
                "kind": kind,
                "value": written(value),
                "label": wording.REQUIREMENTS[kind],
                "text": wording.requirement_value(kind, value),
                "words": words,
                "checked": written(value) in typed.get(kind, ()),
            }
            for at, (kind, value, words) in enumerate([*found, *added], start=1)
        ],
        "budget": typed.get("budget", [""])[-1],
        "deployments": [
            {"value": choice.value, "label": choice.label, "checked": choice.value in typed.get(DEPLOYMENT, ())}
            for choice in Deployment
            if choice.value not in read
        ],
        "levels": [
            {"value": choice.value, "label": choice.label, "chosen": choice.value == level}
            for choice in AssuranceChoice
        ],
        "confirmed": [
            {"value": choice.value, "label": choice.label, "checked": choice.value in typed.get("confirmed", ())}
            for choice in Freshness
        ],
        "top": typed.get("top", [str(run.top)])[-1],
        "is_open": bool(
            form.errors
            or typed.get("budget", [""])[-1]
            or set(typed.get(DEPLOYMENT, ())) - read
            or level != Assurance.PUBLIC_RECORD.key
            or typed.get("confirmed")
        ),
    }


def applied(run: Run) -> dict[str, Any]:
    """Return the requirements that are on in a run, each with what takes it off, and the hidden fields that keep them."""
    required = required_from_json(run.required)
    level = AssuranceChoice(run.min_assurance)
    tags: list[dict[str, Any]] = [
        {"text": wording.requirement(kind, value), "off": f"{kind}:{written(value)}"}
        for kind, value in asked_for(required)
    ]
    if level != AssuranceChoice.LISTED:
        tags.append(
            {"text": _("Mức bảo đảm: %(level)s") % {"level": level.label}, "off": f"min_assurance:{level.value}"}
        )
    if required.confirmed_since is not None:
        text = _("Xác nhận từ ngày %(date)s trở lại đây") % {"date": vndate(required.confirmed_since)}
        tags.append({"text": text, "off": f"confirmed:{Freshness.YEAR.value}"})
    return {
        "tags": tags,
        "has_requirements": bool(run.required),
        "fields": hidden(required, Assurance.parse(run.min_assurance), run.top),
    }


def hidden(required: Required, level: Assurance, top: int) -> list[tuple[str, str]]:
    """Return the fields, one by one, that ask for these requirements."""
    values = state(required, level, top, [] if required.budget_vnd_max is None else [required.budget_vnd_max])
    return [(name, value) for name, of_one in values.items() for value in of_one]


def _found_budgets(run: Run) -> list[int]:
    return [one["value"] for one in run.answer["constraints"] if one["kind"] == BUDGET]


def written(value: int | str) -> str:
    return "true" if value is True else str(value)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Compare the results of two answers: which platforms came in, went out and changed their rank.

    apart: it was, or is now, among the others that do not meet what is asked.
    """
    old, new = ({hit["platform"]: hit for hit in answer["results"]} for answer in (before, after))
    apart_before, apart_after = ({hit["platform"] for hit in answer["also_listed"]} for answer in (before, after))
    return {
        "came": [
            {"platform": key, "name": hit["platform_name"], "rank": hit["rank"], "apart": key in apart_before}
            for key, hit in new.items()
            if key not in old
        ],
        "went": [
            {"platform": key, "name": hit["platform_name"], "rank": hit["rank"], "apart": key in apart_after}
            for key, hit in old.items()
            if key not in new
        ],
        "moved": [
            {"platform": key, "name": hit["platform_name"], "was": old[key]["rank"], "rank": hit["rank"]}
            for key, hit in new.items()
            if key in old and old[key]["rank"] != hit["rank"]
        ],
    }
