"""What people type into the pages of the plan, checked before a service sees it."""
