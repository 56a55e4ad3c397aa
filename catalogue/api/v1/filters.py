"""Every public parameter of the lists, written out: a new column is never exposed by accident."""

import django_filters
from django.db.models import Q, QuerySet

from catalogue.accounts.models import FirmType, Organisation
from catalogue.platforms.choices import Assurance, Deployment, Status
from catalogue.platforms.models import Platform


class PlatformFilter(django_filters.FilterSet):
    """Platforms by category leaf or group, vendor, status, least assurance, deployment."""

    category = django_filters.CharFilter(method="in_category", label="key of a leaf or a group")
    vendor = django_filters.CharFilter("vendor__key", label="key of a vendor")
    status = django_filters.ChoiceFilter(choices=Status.choices)
    min_assurance = django_filters.ChoiceFilter(
        choices=Assurance.choices, method="at_least", label="this level or better"
    )
    deployment = django_filters.ChoiceFilter(
        choices=Deployment.choices, method="deployed", label="one way it is deployed"
    )

    class Meta:
        model = Platform
        fields: list[str] = []

    def in_category(self, rows: QuerySet[Platform], name: str, value: str) -> QuerySet[Platform]:
        return rows.filter(Q(category__key=value) | Q(also__key=value) | Q(category__parent__key=value)).distinct()

    def at_least(self, rows: QuerySet[Platform], name: str, value: str) -> QuerySet[Platform]:
        levels = Assurance.values
        return rows.filter(assurance__in=levels[levels.index(value) :])

    def deployed(self, rows: QuerySet[Platform], name: str, value: str) -> QuerySet[Platform]:
        # Neither database gives the other's JSON operators; the values are plain words between quotes in both.
        return rows.filter(deployment__icontains=f'"{value}"')


class VendorFilter(django_filters.FilterSet):
    """Vendors by firm type and province code."""

    firm_type = django_filters.ChoiceFilter(choices=FirmType.choices)
    province = django_filters.CharFilter("province__code", label="code of a province, two digits")

    class Meta:
        model = Organisation
        fields: list[str] = []
