"""One file per resource. Handlers translate HTTP to a call and back, and no more."""
