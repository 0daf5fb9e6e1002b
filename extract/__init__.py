"""One document: readers, records, and one module per kind of fact."""
