"""What a running service tells of itself: ids of requests, log lines, metrics."""
