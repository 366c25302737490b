"""What may be done to notices and letters, by the noun of each module."""
