"""Images that lie elsewhere: fetched over HTTP, from public addresses only, within limits."""
