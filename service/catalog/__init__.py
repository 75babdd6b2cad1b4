"""The domain: products, categories, attributes, and what may be asked of them."""
