from django.db import migrations

# Refuse in the database too what the model of amendments refuses; the function is that of the audit log.
_POSTGRESQL = [
    """
    CREATE TRIGGER catalogue_amendment_append_only BEFORE UPDATE OR DELETE ON catalogue_amendment
    FOR EACH ROW EXECUTE FUNCTION catalogue_append_only()
    """
]
_POSTGRESQL_BACK = ['DROP TRIGGER catalogue_amendment_append_only ON catalogue_amendment']
_SQLITE = [
    f"""
    CREATE TRIGGER catalogue_amendment_no_{verb.lower()} BEFORE {verb} ON catalogue_amendment
    BEGIN SELECT RAISE(ABORT, 'catalogue_amendment is append-only'); END
    """
    for verb in ('UPDATE', 'DELETE')
]
_SQLITE_BACK = [f'DROP TRIGGER catalogue_amendment_no_{verb}' for verb in ('update', 'delete')]


def guard(apps, schema_editor):
    _run(schema_editor, _POSTGRESQL, _SQLITE)


def unguard(apps, schema_editor):
    _run(schema_editor, _POSTGRESQL_BACK, _SQLITE_BACK)


def _run(schema_editor, on_postgresql, on_sqlite):
    statements = on_postgresql if schema_editor.connection.vendor == 'postgresql' else on_sqlite
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0027_problems_answered'),
    ]

    operations = [migrations.RunPython(guard, unguard)]
