"""The pages of monitoring, by area."""
