"""What if: simulate the options with common random numbers and compare them."""
