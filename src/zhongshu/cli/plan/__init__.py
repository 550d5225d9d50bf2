"""`zhongshu plan`: the planners of dispatch on tables of one's own, without a headquarters."""

from zhongshu.cli.plan import beds, commands, labs, supplies, teams, testing, tours

__all__ = ["beds", "commands", "labs", "supplies", "teams", "testing", "tours"]
