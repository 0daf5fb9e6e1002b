"""Many documents: store them, link what they cite, follow the chain of implementation, audit across them, search."""
