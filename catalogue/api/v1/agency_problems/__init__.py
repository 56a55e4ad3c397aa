"""An agency's own problems for programs, and what the ministry does with those sent through it."""
