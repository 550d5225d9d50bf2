"""The hot index: visits by place and by person, packed, memory-mapped, with a tail for today."""
