"""An agency's pages about its problems, and the desk of the ministry."""
