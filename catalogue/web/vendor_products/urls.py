from django.urls import path, register_converter

from . import documents, items, pages, steps, vetting
from .steps import StepConverter

register_converter(StepConverter, "product_step")

_OF_VENDOR = "to-chuc/<slug:key>/san-pham/"
_OF_PRODUCT = f"{_OF_VENDOR}<slug:slug>/"

urlpatterns = [
    path(_OF_VENDOR, pages.products, name="vendor-products"),
    path(f"{_OF_VENDOR}them/moi/", pages.new_product, name="product-new"),
    path(_OF_PRODUCT, pages.product, name="product"),
    path(f"{_OF_PRODUCT}sua/", pages.revise_product, name="product-revise"),
    path(f"{_OF_PRODUCT}thay-doi/", pages.product_changes, name="product-changes"),
    path(f"{_OF_PRODUCT}kiem-tra/", pages.check_product, name="product-check"),
    path(f"{_OF_PRODUCT}da-nop/", pages.product_submitted, name="product-submitted"),
    path(f"{_OF_PRODUCT}rut/", pages.withdraw_product, name="product-withdraw"),
    path(f"{_OF_PRODUCT}goi-gia/", items.items, {"step": "packages"}, name="product-packages"),
    path(f"{_OF_PRODUCT}bang-chung/", items.items, {"step": "evidence"}, name="product-evidence-list"),
    path(f"{_OF_PRODUCT}goi-gia/them/", items.package, name="product-package-new"),
    path(f"{_OF_PRODUCT}goi-gia/<int:at>/", items.package, name="product-package"),
    path(f"{_OF_PRODUCT}goi-gia/<int:at>/xoa/", items.remove_package, name="product-package-remove"),
    path(f"{_OF_PRODUCT}bang-chung/them/", items.evidence, name="product-evidence-new"),
    path(f"{_OF_PRODUCT}bang-chung/<int:at>/", items.evidence, name="product-evidence"),
    path(f"{_OF_PRODUCT}bang-chung/<int:at>/xoa/", items.remove_evidence, name="product-evidence-remove"),
    path(f"{_OF_PRODUCT}tham-dinh/", vetting.standing, name="vendor-vetting"),
    path(f"{_OF_PRODUCT}tham-dinh/lap/", vetting.begin, name="vendor-vetting-begin"),
    path(f"{_OF_PRODUCT}tham-dinh/nop/", vetting.submit, name="vendor-vetting-submit"),
    path(f"{_OF_PRODUCT}tham-dinh/rut/", vetting.withdraw, name="vendor-vetting-withdraw"),
    path(f"{_OF_PRODUCT}tham-dinh/tra-loi/", vetting.answer, name="vendor-vetting-answer"),
    path(f"{_OF_PRODUCT}tham-dinh/tieu-chi/<int:pk>/", vetting.explain, name="vendor-vetting-explain"),
    path(f"{_OF_PRODUCT}<product_step:step>/", steps.step, name="product-step"),
    path("tep/<uuid:pk>/", documents.document_file, name="document"),
]
