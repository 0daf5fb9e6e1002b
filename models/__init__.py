"""What was learned, beside how it was learned; and the way into spaCy. Nothing heavy is imported before it is used."""
