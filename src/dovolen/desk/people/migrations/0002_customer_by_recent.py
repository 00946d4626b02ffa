"""Lists by the latest order, those who never had one by their entry, read from an index."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(Coalesce("latest_order_at", "created_at"), models.F("id"), name="customer_by_recent"),
        ),
    ]
