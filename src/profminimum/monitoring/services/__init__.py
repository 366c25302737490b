"""Everything that changes forms, campaigns, waves and answers, by noun."""
