"""The one place where rows become the engine's documents and knowledge."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Prefetch

from catalogue.lexicon.models import Abbreviation as AbbreviationRow
from catalogue.lexicon.models import Concept, OutsideExample, SynonymGroup, SynonymKind
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.choices import PhraseKind, Status
from catalogue.platforms.content import Content
from catalogue.platforms.models import Category, CategoryPhrase, CategoryRelation, Platform
from catalogue.platforms.packages import price_range
from catalogue.platforms.querysets import PlatformQuerySet

from .engine.types import Abbreviation, Assurance, Document, Knowledge, Leaf, Synonyms


def documents() -> Iterator[Document]:
    """Yield every listed platform, ordered by slug."""
    for platform in _rows().order_by("slug").iterator(chunk_size=500):
        yield to_document(platform)


def documents_of(slugs: Iterable[str]) -> dict[str, Document | None]:
    """Return the document of each slug, None for one that is not listed any more."""
    wanted = list(slugs)
    found = {platform.slug: to_document(platform) for platform in _rows().filter(slug__in=wanted)}
    return {slug: found.get(slug) for slug in wanted}


def _rows() -> PlatformQuerySet:
    return Platform.objects.listed().select_related("vendor", "category").prefetch_related("also", "borrowed")


def to_document(platform: Platform) -> Document:
    return Document(
        key=platform.slug,
        name=platform.name,
        vendor=platform.vendor.key,
        vendor_name=platform.vendor.short_name,
        category=platform.category.key,
        also=tuple(sorted(category.key for category in platform.also.all())),
        summary=platform.summary,
        description=platform.description,
        capabilities=tuple(platform.capabilities),
        solves=tuple(platform.solves),
        customers=tuple(platform.customers),
        deployment=tuple(platform.deployment),
        price_min=platform.price_min,
        price_max=platform.price_max,
        assurance=Assurance.parse(platform.assurance),
        assured_on=platform.assured_on,
        available=platform.status != Status.DISCONTINUED,
        borrowed=tuple(sorted(passage.key for passage in platform.borrowed.all())),
    )


def draft_document(platform: Platform, content: Content) -> Document:
    """Return the platform's document as it would be with this content public. The level stays what it is today."""
    common = Capability.objects.filter(key__in=content.common_capabilities).order_by("label")
    labels = list(common.values_list("label", flat=True)) if content.common_capabilities else []
    price = price_range([(one.unit, one.period, one.price_min, one.price_max) for one in content.packages])
    return replace(
        to_document(platform),
        name=content.name,
        category=content.category,
        also=tuple(sorted(content.also)),
        summary=content.summary,
        description=content.description,
        capabilities=(*labels, *(text for text in content.capabilities if text not in labels)),
        solves=tuple(content.solves),
        customers=tuple(content.customers),
        deployment=tuple(content.deployment),
        price_min=price.low if content.packages else platform.price_min,
        price_max=price.high if content.packages else platform.price_max,
        available=content.status != Status.DISCONTINUED,
    )


def knowledge() -> Knowledge:
    """Return the leaves with what is known of their needs, and the words that stand for others."""
    phrases = CategoryPhrase.objects.exclude(kind=PhraseKind.CONFUSION).order_by("position")
    leaves = (
        Category.objects.leaves_only()
        .order_by("key")
        .prefetch_related(
            Prefetch("phrases", phrases), Prefetch("relations", CategoryRelation.objects.select_related("related"))
        )
    )
    return Knowledge(
        tuple(
            Leaf(
                leaf.key,
                leaf.label_vi,
                tuple(phrase.text for phrase in leaf.phrases.all() if phrase.kind == PhraseKind.NEED),
                tuple(phrase.text for phrase in leaf.phrases.all() if phrase.kind == PhraseKind.TERM),
                tuple((relation.related.key, relation.weight) for relation in leaf.relations.all()),
            )
            for leaf in leaves
        ),
        tuple(
            Abbreviation(
                spelling,
                tuple(row.expansions),
                {meaning: tuple(words) for meaning, words in row.contexts.items()},
                row.default or None,
            )
            for row in AbbreviationRow.objects.order_by("short")
            for spelling in [row.short, *row.also]
        ),
        tuple(OutsideExample.objects.order_by("key").values_list("text", flat=True)),
        tuple(_synonyms()),
    )


def _synonyms() -> Iterator[Synonyms]:
    for group in SynonymGroup.objects.order_by("key"):
        terms = tuple(group.terms)
        yield Synonyms(terms, terms, close=group.kind != SynonymKind.RELATED)
    for concept in Concept.objects.order_by("key"):
        problem, capability = tuple(concept.problem), tuple(concept.capability)
        yield Synonyms(problem, capability, close=False)
        yield Synonyms(capability, problem, close=False)
