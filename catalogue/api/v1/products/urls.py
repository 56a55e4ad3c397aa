"""Addresses of a vendor's own products. `preview` beside them is the recommender's."""

from django.urls import path

from catalogue.platforms.content import STEPS

from . import own, steps

_ALL = "organisations/<slug:key>/products"
_ONE = f"{_ALL}/<slug:slug>"
_LISTS: dict[str, type[steps.Items]] = {"packages": steps.Items, "evidence": steps.WithFile}

urlpatterns = [
    path(_ALL, own.Products.as_view(), name="products"),
    path(_ONE, own.OneProduct.as_view(), name="product"),
    path(f"{_ONE}/revise", own.Revise.as_view(), name="product-revise"),
    path(f"{_ONE}/submit", own.Submit.as_view(), name="product-submit"),
    path(f"{_ONE}/withdraw", own.Withdraw.as_view(), name="product-withdraw"),
    path(f"{_ONE}/changes", own.Changes.as_view(), name="product-changes"),
    path(f"{_ONE}/revisions", own.Revisions.as_view(), name="product-revisions"),
    path(f"{_ONE}/prompts", own.Prompts.as_view(), name="product-prompts"),
    *(
        path(
            f"{_ONE}/steps/{step}",
            steps.step_view(step, _LISTS.get(step, steps.OneStep)).as_view(),
            name=f"product-step-{step}",
        )
        for step in STEPS
    ),
    path(f"{_ONE}/steps/packages/<int:at>", steps.item_view("packages", steps.Items).as_view(), name="product-package"),
    path(
        f"{_ONE}/steps/evidence/<int:at>",
        steps.item_view("evidence", steps.WithFile).as_view(),
        name="product-evidence",
    ),
    path("organisations/<slug:key>/documents/<uuid:pk>", own.OneDocument.as_view(), name="document"),
]
