"""Warning: which county shows something unusual today, at an alert budget the operator sets."""
