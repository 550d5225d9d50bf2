"""The registry of resources: things, their states, and the ledger of what is taken."""
