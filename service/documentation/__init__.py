"""What the OpenAPI document says beside what the routes say themselves."""
