"""Who may come, and how much of the service each may take: asked before a request is read."""
