"""Several names in one word, as people write them: with commas between."""


def names_in(said: str | None) -> list[str]:
    return [name for part in (said or "").split(",") if (name := part.strip())]
