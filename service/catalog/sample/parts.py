"""What a silhouette is made of: parts and lines in painting order, lowest first."""

from dataclasses import dataclass, field, replace

from PIL import Image

from service.catalog.sample.palette import Colour
from service.catalog.sample.pen import Path, mirrored


@dataclass(frozen=True)
class Fold:
    """A soft ridge in the surface; with a negative height, a crease."""

    path: Path
    height: float
    width: float = 14


def mirrored_folds(folds: tuple[Fold, ...]) -> tuple[Fold, ...]:
    return tuple(replace(fold, path=mirrored(fold.path)) for fold in folds)


@dataclass(frozen=True)
class Part:
    """One piece of a product: an outline, what it is made of and how it catches the light."""

    outline: Path
    paint: Colour | None = None  # None: the product's own patterned material
    holes: tuple[Path, ...] = ()
    clip: Path | None = None
    puff: float = 16  # how far the roundness of its edge reaches inwards
    relief: float = 1.0  # how strongly that roundness shades
    gloss: float = 0.0
    lift: float = 0.0  # how high it stands off what lies below: its shadow there
    folds: tuple[Fold, ...] = ()
    texture: str | None = None  # None: the product's own
    turn: float = 0.0  # degrees the pattern is turned by
    sag: float = 0.0  # how far the pattern hangs down in the middle
    wrap: bool = False  # the pattern runs around a cylinder
    fade: float = 0.0  # how much lighter the bottom is than the top

    def mirror(self) -> "Part":
        return replace(
            self,
            outline=mirrored(self.outline),
            holes=tuple(mirrored(hole) for hole in self.holes),
            clip=None if self.clip is None else mirrored(self.clip),
            folds=mirrored_folds(self.folds),
            turn=-self.turn,
        )

    def pair(self) -> "Drawing":
        return [self, self.mirror()]


def fitting(
    outline: Path, colour: Colour, puff: float, lift: float = 0.0, holes: tuple[Path, ...] = ()
) -> Part:
    """Something of polished metal: a buckle, an eyelet, a case."""
    return Part(outline, colour, holes, puff=puff, lift=lift, gloss=0.9, texture="smooth")


@dataclass(frozen=True)
class Line:
    """A seam, a stitch, a hand of a watch: a stroke on the surface."""

    path: Path
    colour: Colour
    width: float = 2.5
    opacity: float = 0.6
    dash: float = 0.0
    sunk: bool = False  # with a lit lower lip, as a seam has

    def mirror(self) -> "Line":
        return replace(self, path=mirrored(self.path))

    def pair(self) -> "Drawing":
        return [self, self.mirror()]


Drawing = list[Part | Line]


@dataclass(frozen=True)
class Look:
    """The colours and the cloth that a product is drawn in."""

    main: Colour
    second: Colour
    trim: Colour
    thread: Colour
    sheet: Image.Image | None = field(default=None, repr=False)  # the patterned cloth; None when solid
    texture: str = "smooth"
