"""How fast, how good and how big: this engine and the full-text search of SQLite and PostgreSQL, on the same texts."""
