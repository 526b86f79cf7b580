"""Every program that makes a file that ships; the file itself lies in `indexer/`."""
