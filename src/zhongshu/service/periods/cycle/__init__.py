"""The cycle: detect -> trace -> estimate -> zone -> plan -> propose, over what was known then."""
