"""All writes of the plan, by noun: versions (reading and correcting), adoption, obligations, extensions."""
