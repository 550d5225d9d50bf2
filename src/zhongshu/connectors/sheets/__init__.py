"""Job sheets on paper: what a driver, a site, a point, a store, a hospital or a team has to do."""
