"""Pictures inside a JSON body."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.catalog.sent import SentImages

ImageUrl = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description="Where it lies: `https://...`. Only public addresses are asked.",
    ),
]
ImageBase64 = Annotated[
    str, Field(min_length=1, description="The image's file, base64. A `data:` address is taken as well.")
]


class PictureIn(BaseModel):
    """One picture: its address, or the file itself."""

    model_config = ConfigDict(extra="forbid")

    image_url: ImageUrl | None = None
    image_base64: ImageBase64 | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.image_url is None) == (self.image_base64 is None):
            raise ValueError("Give either image_url or image_base64.")
        return self

    async def read(self, images: SentImages) -> bytes:
        if self.image_url is not None:
            return await images.fetched(self.image_url)
        return await images.decoded(self.image_base64 or "")
