"""A reviewer's pages: the desk, and one submission on it."""
