"""What became of a source's entries, counted."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0
    hiding: int = 0
    """Of those rejected, the ones behind which products may stand that nobody can name."""
    embedded: int = 0

    @property
    def read(self) -> int:
        """Each entry is one of these: so many of the source are done."""
        return self.added + self.replaced + self.unchanged + self.rejected

    def add(self, other: "Tally") -> None:
        self.added += other.added
        self.replaced += other.replaced
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.hiding += other.hiding
        self.embedded += other.embedded
