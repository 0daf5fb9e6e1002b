"""Vietnamese letters as the insides of character classes: ranges of Unicode mix capitals with small letters."""

from __future__ import annotations

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
LOWER = "a-z" + _MARKED
"""The small letters."""
UPPER = "A-Z" + _MARKED.upper()
"""The capitals."""
