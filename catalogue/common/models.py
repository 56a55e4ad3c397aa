"""What every row of the catalogue has."""

from django.db import models


class Timestamped(models.Model):
    """When the row was made, and when it last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Return the constraint that a column holds a value of the enum."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": choices.values}))
