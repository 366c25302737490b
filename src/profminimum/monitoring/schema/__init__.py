"""What is a form, and is an answer to it right? Pure: a definition as data, rules as trees, no Django."""
