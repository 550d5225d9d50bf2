"""`zhongshu plan supplies`: goods between the stores of a table over several days."""

from __future__ import annotations

from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, On, Rules, To, app, checked, day, say
from zhongshu.engines.supply.network import model, solve, validate


@app.command("supplies")
def supplies(
    stores: File,
    goods: File,
    lots: File,
    needs: File,
    suppliers: File,
    rules: Rules,
    on: On,
    to: To = None,
    as_json: Json = False,
) -> None:
    """What moves between the stores of a table over several days, what is ordered, who lacks."""
    by = files.rules(rules, model.NetworkRules)
    given = {
        "stores": files.read(stores, model.STORES, NONE),
        "goods": files.read(goods, model.GOODS, NONE),
        "lots": files.read(lots, model.LOTS, NONE),
        "needs": files.read(needs, model.NEEDS, NONE),
        "suppliers": files.read(suppliers, model.SUPPLIERS, NONE),
    }
    first = day(on)
    plan = solve.plan(**given, rules=by, on=first)
    checked(validate.check(plan, **given, rules=by, on=first))
    names = ("moves", "orders", "unmet", "shares", "waste", "reserve")
    if to is not None:
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    needed, unmet = (sum(plan.shares[name].to_pylist()) for name in ("need", "unmet"))
    met = 1.0 - unmet / needed if needed else 1.0
    say(
        plan.answer,
        f"{plan.moves.num_rows} moves, {plan.orders.num_rows} orders meet {met:.1%} of the needs",
        as_json=as_json,
    )
