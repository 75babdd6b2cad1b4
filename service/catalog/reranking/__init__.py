"""The nearest in a better order: their neighbours among themselves have a say in how near they are."""
