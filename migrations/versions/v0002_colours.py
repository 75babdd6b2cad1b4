"""Colours: those that an image shows, by name, found when it is taken in.

`colours` is a list of words in each point, the most widely seen first. Points of before have none until their
images are put again.
"""

from migrations.operations import SchemaOperations

revision = "0002"
revises = "0001"


async def upgrade(schema: SchemaOperations) -> None:
    await schema.create_index("colours", "keyword")
