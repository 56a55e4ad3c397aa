"""Every public parameter of the lists, written out: a new column is never exposed by accident."""

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from catalogue.accounts.models import FirmSize, FirmType, Organisation
from catalogue.platforms import browsing
from catalogue.platforms.choices import Assurance, Deployment, Freshness, PricingModel, Status
from catalogue.platforms.models import Platform
from catalogue.platforms.querysets import PlatformQuerySet


class AnyKeys(django_filters.fields.MultipleChoiceField):
    """Keys, whether or not there is a row of each: an unknown one finds nothing."""

    def valid_value(self, value: str) -> bool:
        return "\0" not in value


@extend_schema_field(OpenApiTypes.STR)
class KeysFilter(django_filters.MultipleChoiceFilter):
    field_class = AnyKeys


class PlatformFilter(django_filters.FilterSet):
    """Platforms by the words typed and by facets, as on the page. A facet given several times widens the choice."""

    q = django_filters.CharFilter(
        max_length=browsing.LONGEST_TEXT, label="words of names, vendors, categories, listings; marks may be left out"
    )
    category = KeysFilter(label="key of a leaf or a group")
    vendor = KeysFilter(label="key of a vendor")
    province = KeysFilter(label="code of the vendor's province, two digits")
    deployment = django_filters.MultipleChoiceFilter(choices=Deployment.choices, label="a way it is deployed")
    pricing = django_filters.MultipleChoiceFilter(choices=PricingModel.choices, label="how its price is made")
    assurance = django_filters.MultipleChoiceFilter(choices=Assurance.choices, label="exactly this level")
    min_assurance = django_filters.ChoiceFilter(choices=Assurance.choices, label="this level or better")
    status = django_filters.MultipleChoiceFilter(choices=Status.choices)
    confirmed = django_filters.MultipleChoiceFilter(
        choices=Freshness.choices, label="only what was confirmed in the last 12 months"
    )
    sort = django_filters.ChoiceFilter(
        choices=browsing.Sort.choices, label="by name unless said; by relevance with `q`"
    )

    class Meta:
        model = Platform
        fields: list[str] = []

    def filter_queryset(self, rows: PlatformQuerySet) -> browsing.Cards:
        asked = self.form.cleaned_data
        values = {facet: frozenset(asked[facet]) for facet in browsing.FACETS}
        sort = browsing.Sort(asked["sort"]) if asked["sort"] else None if asked["q"] else browsing.Sort.NAME
        inside = rows
        if asked["min_assurance"]:
            inside = rows.filter(assurance__in=Assurance.values[Assurance.values.index(asked["min_assurance"]) :])
        shelf = browsing.Shelf(inside, [facet for facet, wanted in values.items() if wanted])
        return browsing.Cards(rows, shelf.order(browsing.Chosen(asked["q"], values, sort)))


class VendorFilter(django_filters.FilterSet):
    """Vendors by firm type, size and province code."""

    firm_type = django_filters.ChoiceFilter(choices=FirmType.choices)
    firm_size = django_filters.ChoiceFilter(choices=FirmSize.choices)
    province = django_filters.CharFilter("province__code", label="code of a province, two digits")

    class Meta:
        model = Organisation
        fields: list[str] = []
