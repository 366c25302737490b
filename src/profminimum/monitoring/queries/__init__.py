"""What is asked of campaigns, answers and their checks, by page."""
