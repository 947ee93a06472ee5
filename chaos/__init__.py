"""People, the app and faults let loose on one sheet, seeded, and an oracle that says whether anything was lost."""
