"""Vetting by the API: what reviewers, vendors and everybody do on the pages, by the same services and scopes."""
