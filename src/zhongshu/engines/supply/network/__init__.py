"""Several days ahead over all stores: what moves, what is ordered, who goes short and why."""
