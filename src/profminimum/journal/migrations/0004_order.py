from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_timers")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["entry", "id"], name="delivery_order"),
        ),
    ]
