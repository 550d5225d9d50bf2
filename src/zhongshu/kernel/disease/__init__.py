"""One model of an infection's course, for the synthetic world and for what-if."""
