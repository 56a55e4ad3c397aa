"""Write down of the organisations there are what new rows are given when they are saved."""

from django.db import migrations


def forwards(apps, schema_editor):
    from catalogue.common.tax_codes import WrongTaxCode, normalised
    from catalogue.common.text import name_words

    for row in apps.get_model("catalogue", "Organisation").objects.all():
        row.folded = f" {name_words(row.name)} | {name_words(row.short_name)} "
        if row.kind == "vendor":
            row.shown_since = row.created_at
        if row.tax_code:
            try:
                row.tax_code = normalised(row.tax_code)
            except WrongTaxCode:
                raise RuntimeError(f"Organisation {row.key}: its tax code is no tax code. Correct it, then migrate.") from None
        row.save(update_fields=["folded", "shown_since", "tax_code"])


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0014_organisations"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
