"""What is measured, and how: figures that the docs give are printed by these commands."""
