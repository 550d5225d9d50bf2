"""The situation report of a period: `render.render(facts, lang=..., format=..., base_url=...)`.

`gather.gather` asks the registers for the facts; `render` knows no register.
"""
