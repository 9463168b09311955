"""The database numbers deliveries: the public role may insert one, and has neither the sequence nor RETURNING."""

from django.db import migrations

FORWARDS = """
CREATE SEQUENCE intake_arrival_number AS bigint;
CREATE FUNCTION intake_number_delivery() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.arrival := nextval('intake_arrival_number');
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION intake_number_delivery() FROM PUBLIC;
CREATE TRIGGER intake_delivery_arrival BEFORE INSERT ON intake_delivery
    FOR EACH ROW EXECUTE FUNCTION intake_number_delivery();
"""
BACKWARDS = """
DROP TRIGGER intake_delivery_arrival ON intake_delivery;
DROP FUNCTION intake_number_delivery();
DROP SEQUENCE intake_arrival_number;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
