from django.db import migrations, models
import django.utils.timezone

# Refuse in the database too what the model refuses: a row of the log is never changed and never deleted.
_POSTGRESQL = """
CREATE FUNCTION catalogue_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalogue_event_append_only BEFORE UPDATE OR DELETE ON catalogue_event
    FOR EACH ROW EXECUTE FUNCTION catalogue_append_only();
"""
_POSTGRESQL_BACK = """
DROP TRIGGER catalogue_event_append_only ON catalogue_event;
DROP FUNCTION catalogue_append_only();
"""
_SQLITE = [
    f"""
    CREATE TRIGGER catalogue_event_no_{verb.lower()} BEFORE {verb} ON catalogue_event
    BEGIN SELECT RAISE(ABORT, 'catalogue_event is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]
_SQLITE_BACK = [f"DROP TRIGGER catalogue_event_no_{verb}" for verb in ("update", "delete")]


def guard(apps, schema_editor):
    _run(schema_editor, [_POSTGRESQL], _SQLITE)


def unguard(apps, schema_editor):
    _run(schema_editor, [_POSTGRESQL_BACK], _SQLITE_BACK)


def _run(schema_editor, on_postgresql, on_sqlite):
    statements = on_postgresql if schema_editor.connection.vendor == "postgresql" else on_sqlite
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0010_problems'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=60, verbose_name='việc')),
                ('target_type', models.CharField(max_length=60, verbose_name='loại đối tượng')),
                ('target_id', models.CharField(max_length=64, verbose_name='số của đối tượng')),
                ('target_label', models.CharField(blank=True, max_length=200, verbose_name='đối tượng')),
                ('by', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='số của người làm')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='lúc')),
                ('facts', models.JSONField(blank=True, default=dict, verbose_name='chi tiết')),
            ],
            options={
                'verbose_name': 'dòng nhật ký',
                'verbose_name_plural': 'nhật ký thay đổi',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['target_type', 'target_id', '-at'], name='event_by_target')],
                'constraints': [models.CheckConstraint(condition=models.Q(('action__contains', '.')), name='event_action_is_thing_and_verb'), models.CheckConstraint(condition=models.Q(models.Q(('target_type', ''), _negated=True), models.Q(('target_id', ''), _negated=True)), name='event_has_target')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
