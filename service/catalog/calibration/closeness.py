from typing import Literal, TypeAlias

Closeness: TypeAlias = Literal["strong", "fair", "weak"]
"""As close as the better half of products' best matches in their own category, as nearly all of them, or less."""
