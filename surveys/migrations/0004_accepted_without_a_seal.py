"""A form that needs no seal is accepted without ticks; where there is a sealed copy, all five stay a must."""

from django.db import migrations, models

TICKED = models.Q(signed=True, sealed=True, dated=True, same_version=True, legible=True)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_shipped_return_reasons")]

    operations = [
        migrations.RemoveConstraint(model_name="review", name="review_accepted_has_all_ticks"),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=~models.Q(decision__in=["proposed", "accepted"])
                | models.Q(sealed_copy__isnull=True)
                | TICKED,
                name="review_accepted_has_all_ticks",
            ),
        ),
    ]
