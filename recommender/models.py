"""What the recommender keeps: every run, the catalogue as it was, and the vectors of texts."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of


class Run(models.Model):
    """One answer as it was given: immutable, so that it can be shown, cited and checked later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    statement = models.TextField(_("bài toán"))
    top = models.PositiveSmallIntegerField()
    min_assurance = models.CharField(max_length=15)
    required = models.JSONField(default=dict)  # requirements the officer confirmed
    engine = models.JSONField()  # version, index sequence, signals
    abstained = models.BooleanField()
    answer = models.JSONField()  # as `recommend --json` gives it, without its address
    took_ms = models.FloatField()

    class Meta:
        verbose_name = _("lượt gợi ý")
        verbose_name_plural = _("lượt gợi ý")
        ordering = ("-created_at",)
        indexes = (models.Index(name="run_by_time", fields=["created_at"]),)
        constraints = (
            models.CheckConstraint(name="run_statement_not_empty", condition=~models.Q(statement="")),
            models.CheckConstraint(name="run_top_in_range", condition=models.Q(top__gte=1, top__lte=50)),
        )

    def __str__(self) -> str:
        return str(self.id)

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise TypeError("a run is never changed")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.id])


class TextVector(models.Model):
    """The vector of one text under one model, float16, little-endian. Kept by hash, so every machine computes it once."""

    key = models.CharField(max_length=32, primary_key=True)
    vector = models.BinaryField()

    def __str__(self) -> str:
        return self.key


class ListingVersion(models.Model):
    """A listing as an index took it in. The latest one up to a change of the catalogue is how it stood then."""

    slug = models.CharField(max_length=80)
    model = models.CharField(max_length=100, blank=True)  # of that index's vectors, "" for words only
    first_sequence = models.PositiveBigIntegerField()  # the change of the catalogue from which it holds
    digest = models.CharField(max_length=32)  # of `document`, "" when it is gone
    vectors = models.BooleanField()  # whether every passage had its vector
    document = models.JSONField(null=True)  # None: not listed any more

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="listing_version_once", fields=["slug", "model", "first_sequence", "digest", "vectors"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.slug} @ {self.first_sequence}"


class KnowledgeVersion(models.Model):
    """What the engine knew besides the listings: categories, abbreviations, examples out of scope."""

    digest = models.CharField(max_length=32, primary_key=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class Intake(models.Model):
    """The catalogue was taken in whole at this change, by an index of this model: all its versions are kept."""

    model = models.CharField(max_length=100, blank=True)
    sequence = models.PositiveBigIntegerField()
    knowledge = models.ForeignKey(KnowledgeVersion, on_delete=models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(name="intake_once", fields=["model", "sequence", "knowledge"]),)

    def __str__(self) -> str:
        return f"{self.model or 'words'} @ {self.sequence}"


class Band(models.TextChoices):
    """Where in an answer a product stood."""

    FIRST_THREE = "first_three", _("Hạng 1 đến 3")
    FIRST_TEN = "first_ten", _("Hạng 4 đến 10")
    FURTHER = "further", _("Hạng 11 trở đi")
    APART = "apart", _("Nêu riêng, dưới mức được hỏi")

    @classmethod
    def of_rank(cls, rank: int) -> "Band":
        return cls.FIRST_THREE if rank <= 3 else cls.FIRST_TEN if rank <= 10 else cls.FURTHER


class CountedDay(models.Model):
    """A day whose runs were counted. A run of it that is counted again gives the same rows."""

    day = models.DateField(primary_key=True)
    runs = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.day.isoformat()


class Exposure(models.Model):
    """How many answers of one day named a product in one band, of those that were about one category leaf ("": none)."""

    day = models.DateField()
    platform = models.SlugField(max_length=80, db_index=False)  # as runs name it, also when it is gone
    band = models.CharField(max_length=12, choices=Band)
    leaf = models.SlugField(max_length=60, blank=True, db_index=False)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(name="exposure_by_day", fields=["day"]),)
        constraints = (
            one_of("band", Band, "exposure_band_known"),
            models.UniqueConstraint(name="exposure_once", fields=["platform", "day", "band", "leaf"]),
            models.CheckConstraint(name="exposure_counts_something", condition=models.Q(count__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.platform} {self.day} {self.band}"


class NearMiss(models.Model):
    """How many questions of one day a product came near to without being shown, by the leaf and by what decided against it.

    Only questions of their own count, not the same one asked again with other requirements.
    """

    day = models.DateField()
    platform = models.SlugField(max_length=80, db_index=False)
    obstacle = models.CharField(max_length=15)  # of engine.whynot.Obstacle
    leaf = models.SlugField(max_length=60, db_index=False)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(name="near_miss_by_day", fields=["day"]),)
        constraints = (
            models.UniqueConstraint(name="near_miss_once", fields=["platform", "day", "obstacle", "leaf"]),
            models.CheckConstraint(name="near_miss_counts_something", condition=models.Q(count__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.platform} {self.day} {self.obstacle}"
