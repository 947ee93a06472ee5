"""A Google Sheets and Drive compatible server in one process: the embedded default and the test bed of the sync.

It imports nothing of the rest of the project, so it cannot cheat: `command` starts `server`, which asks `engine` for
the cells, `drive` for the files, `accounts` and `oauth` for who asks and `quota` for how often they may.
"""
