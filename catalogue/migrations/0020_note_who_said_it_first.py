from django.db import migrations

from catalogue.platforms import originals


def note_all(apps, schema_editor):
    originals.note_all(apps)


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0019_who_said_it_first"),
    ]

    operations = [
        migrations.RunPython(note_all, migrations.RunPython.noop),
    ]
