"""Lists by the latest order, those who never had one by their entry, read from an index; the few marked ones as well."""

from django.db import migrations, models
from django.db.models import PROTECT
from django.db.models.functions import Coalesce

CONDITIONS = {
    "customer_by_recent": None,
    "customer_blocked": models.Q(blocked_at__isnull=False),
    "customer_regular": models.Q(regular_mark=True),
}


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                "people.customer", null=True, blank=True, on_delete=PROTECT, related_name="absorbed", db_index=False
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="customer",
                index=models.Index(
                    Coalesce("latest_order_at", "created_at"), models.F("id"), condition=condition, name=name
                ),
            )
            for name, condition in CONDITIONS.items()
        ),
    ]
