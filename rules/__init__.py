"""What the field knows, as data that tests itself, and a small typed loader."""
