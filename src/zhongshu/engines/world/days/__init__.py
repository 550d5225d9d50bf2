"""What happens on a day: movement, infection, finding, counting."""
