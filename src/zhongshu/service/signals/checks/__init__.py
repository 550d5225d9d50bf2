"""How the daily tests are checked: breaks of a stream, tests done, self-tests."""
