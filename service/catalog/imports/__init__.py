"""Catalogues that arrive by HTTP: kept on disk, taken in one after another, and gone on with after a restart."""
