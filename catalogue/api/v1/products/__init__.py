"""A vendor's own products over the API: the same reads and actions as the pages, by the same services and scopes."""
