"""What is read for notices and letters."""
