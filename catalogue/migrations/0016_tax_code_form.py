from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0015_organisations_as_they_stand"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('tax_code__isnull', True), ('tax_code__regex', '^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$'), _connector='OR'), name='organisation_tax_code_form'),
        ),
    ]
