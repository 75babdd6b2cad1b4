"""Where vectors and their payloads live. Light on purpose: the store's child process imports this package."""
