"""What is kept: tables, ingest, evidence, queries."""
