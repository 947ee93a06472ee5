"""Shows. Flask: pages, JSON API, sign-in. Never talks to Google Sheets."""
