"""What is on the disk: the SQLite file, the order of rows, their packed cells, the history of writes."""
