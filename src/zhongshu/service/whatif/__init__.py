"""What if: questions asked of the outbreak model, their options and what it answered."""
