"""Each person is hashed once per intake, however often the feeds name him."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from zhongshu.connectors.feeds.ports import Registers


class Pseudonyms:
    """Identity numbers met so far and their pseudonyms; lives as long as one intake."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self._known = pl.DataFrame(schema={"id_no": pl.String, "person": pl.Int64})

    def of(self, column: pa.ChunkedArray) -> pa.Array:
        """int64 per row of a dictionary-encoded column of sound numbers."""
        array = column.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], column.type)
        people = self._distinct(array.dictionary)
        return people.take(array.indices)

    def _distinct(self, numbers: pa.Array) -> pa.Array:
        """The dictionary may hold "" for cells that were rejected; no accepted row points there."""
        asked = pl.DataFrame({"id_no": pl.Series(pl.from_arrow(numbers))})
        fresh = (
            asked.filter(pl.col("id_no") != "").unique().join(self._known, on="id_no", how="anti")
        )
        if fresh.height:
            new = fresh.get_column("id_no").sort()
            people = pl.Series(
                pl.from_arrow(self._registers.pseudonyms(new.to_arrow().cast(pa.string())))
            )
            self._known = pl.concat(
                [self._known, pl.DataFrame({"id_no": new, "person": people.cast(pl.Int64)})]
            )
        joined = asked.join(self._known, on="id_no", how="left", maintain_order="left")
        return joined.get_column("person").to_arrow()
