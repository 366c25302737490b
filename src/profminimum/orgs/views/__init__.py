"""The pages of organisations and people; split by noun."""
