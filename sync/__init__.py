"""Carries. The worker, and the only client of Google Sheets and Drive."""
