"""The DTX chart format: a specification table, a writer, a strict reader, a checker."""
