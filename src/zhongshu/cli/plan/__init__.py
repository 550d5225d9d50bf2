"""`zhongshu plan`: the planners of dispatch on tables of one's own, without a headquarters."""
