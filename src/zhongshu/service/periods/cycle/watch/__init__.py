"""What the rules say of the facts known: events, colours, and what stands against a rule."""
