"""The pages of the plan, by what a person comes for."""
