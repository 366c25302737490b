"""The pages of notices, letters and reminders."""
