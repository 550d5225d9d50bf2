"""Named tuples passed between kernels by one address.

Numba hands a tuple on as the fields of all its arrays: some five hundred values at each call, and
each array's owners are counted up and down.  Most of the time that the model took to compile, and
to run, went into that.  A handle is the address of the tuple in the outermost kernel, which keeps
it alive; its fields are read as before.
"""

# mypy: disable-error-code="no-untyped-call, import-untyped, override"
from __future__ import annotations

import zlib
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    register_model,
)
from numba.core.typing.templates import AttributeTemplate


class Handle(types.Type):
    """Of a named tuple of arrays and numbers.  Its name is short: it stands in every symbol."""

    def __init__(self, of: types.NamedTuple) -> None:
        self.of = of
        kind = of.instance_class.__name__
        super().__init__(name=f"{kind}{zlib.crc32(str(of).encode()):08x}")

    @property
    def key(self) -> Any:
        return self.of


@register_model(Handle)
class _Address(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Handle) -> None:
        tuple_ = manager.lookup(kind.of).get_value_type()
        super().__init__(manager, kind, tuple_.as_pointer())


def _held(typing: Any, held: Any) -> Any:
    """Handle of a named tuple that lives as long as the calling kernel."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return cgutils.alloca_once_value(builder, args[0])

    return Handle(held)(held), build


handle: Any = intrinsic(_held)


@infer_getattr
class _Fields(AttributeTemplate):
    key = Handle

    def generic_resolve(self, kind: Handle, name: str) -> Any:
        if name in kind.of.fields:
            return kind.of[kind.of.fields.index(name)]
        return None


@lower_getattr_generic(Handle)
def _field(context: Any, builder: Any, kind: Handle, address: Any, name: str) -> Any:
    """An array is borrowed: it has no owner to count."""
    at = kind.of.fields.index(name)
    value = builder.load(cgutils.gep_inbounds(builder, address, 0, at))
    if isinstance(kind.of[at], types.Array):
        array = cgutils.create_struct_proxy(kind.of[at])(context, builder, value=value)
        array.meminfo = ir.Constant(array.meminfo.type, None)
        array.parent = ir.Constant(array.parent.type, None)
        return array._getvalue()
    return value
