"""What a score means here: how alike products of a category usually are, measured on the catalogue itself."""
