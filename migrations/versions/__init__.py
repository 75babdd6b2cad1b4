"""One file a revision. A version file is written once and never changed."""
