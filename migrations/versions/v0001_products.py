"""Products: one point per image, found by product, by category path, by image and by position.

`categories` holds every ancestor of the product's category, so that one match searches a whole branch.
`position` is the image's place among its product's images: position 0 stands for the product where
products are counted.
"""

from migrations.operations import SchemaOperations

revision = "0001"
revises = None


async def upgrade(schema: SchemaOperations) -> None:
    await schema.create_collection()
    await schema.create_index("categories", "keyword", tenant=True)
    await schema.create_index("product_id", "keyword")
    await schema.create_index("image", "keyword")
    await schema.create_index("position", "number")
