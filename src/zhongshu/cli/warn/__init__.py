"""`zhongshu warn`, a file for each part.

commands: what is typed.  options: what the three commands share.  data: the counts looked at.
methods: the detectors by name, over a grid of counts.  run, explain, backtest: what each command
tells.  daily: the daily run's own detector on the headquarters' counts, without writing.
"""
