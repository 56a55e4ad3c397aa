from django.db import migrations
from django.db.models import F


def list_all(apps, schema_editor):
    """Every platform there is was public; drafts exist only from here on. Announced to nobody: nothing changes for readers."""
    apps.get_model("catalogue", "Platform").objects.filter(listed_at=None).update(listed_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0017_products"),
    ]

    # Back: the column goes with the migration before.
    operations = [migrations.RunPython(list_all, migrations.RunPython.noop)]
