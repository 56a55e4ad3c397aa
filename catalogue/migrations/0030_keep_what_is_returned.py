"""Write down of the problems that stand returned what only the problem says until now: its reason is emptied when it is sent again."""

from django.db import migrations


def keep(apps, schema_editor):
    model, events = apps.get_model("catalogue", "Return"), apps.get_model("catalogue", "Event")
    for problem in apps.get_model("catalogue", "Problem").objects.filter(state="returned", returns=None):
        told = events.objects.filter(
            action="problem.moderated", target_type="catalogue.problem", target_id=str(problem.pk)
        ).order_by("-at", "-pk")
        at = max(told.values_list("at", flat=True).first() or problem.updated_at, problem.submitted_at)
        model.objects.create(
            problem=problem, reason=problem.reason, side="unknown", submitted_at=problem.submitted_at, returned_at=at
        )


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0029_problem_returns"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
