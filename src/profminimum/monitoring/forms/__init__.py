"""What people type on the pages of monitoring besides the forms that are data."""
