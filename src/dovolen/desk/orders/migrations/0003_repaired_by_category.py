from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_initial")]

    operations = [
        migrations.AddIndex(
            model_name="repairorder",
            index=models.Index(
                condition=models.Q(("outcome", "repaired")),
                fields=["centre", "category", "-accepted_at", "-id"],
                name="order_repaired",
            ),
        ),
    ]
