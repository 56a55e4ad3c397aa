"""The file that an office puts a decision to: a letter that is drafted from a run, and the products side by side."""
