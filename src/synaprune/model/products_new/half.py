"""Matrix products in bfloat16, on processors that have instructions for it and on others."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor


@cache
def half_is_native() -> bool:
    """Whether the processor multiplies bfloat16 by itself.

    Where it cannot (x86 without AVX512-BF16 and AMX), the library's emulation takes more than twice
    as long as single precision.
    """
    seen: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    is_x86 = str(seen.get("architecture", "")).startswith("x86")
    return not is_x86 or any(seen.get(name, False) for name in ("avx512_bf16", "amx_bf16"))


def multiply_half(one: Tensor, other: Tensor, out: Tensor) -> None:
    """Multiply matrices in bfloat16, summing in single precision."""
    if one.is_cpu and not half_is_native():
        out.copy_(one.float() @ other.float())
    else:
        torch.mm(one, other, out=out)
