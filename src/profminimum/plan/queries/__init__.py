"""What the pages of the plan read, a module for each area: constant numbers of queries, nothing written."""
