"""The numbers of `philox` in tensor operations: on any device, and without compilation.

Words are held in int64, because tensors have no unsigned arithmetic; products of two 32-bit words
wrap around there without losing a bit.
"""

from __future__ import annotations

import torch
from torch import Tensor

from synaprune.engine.philox import (
    COSINE,
    INCREMENTS,
    LOG,
    LOG2,
    MULTIPLIERS,
    ROUNDS,
    SINE,
    TURN,
    Words,
)

_LOW = 0xFFFFFFFF


def words(key: Words, count: int, device: str) -> Tensor:
    """See `philox.words`; int64."""
    blocks = -(-count // 4)
    k0, k1, c2, c3 = (int(word) for word in key)
    zeros = torch.zeros(blocks, dtype=torch.int64, device=device)
    x0, x1, x2, x3 = torch.arange(blocks, device=device), zeros, zeros + c2, zeros + c3
    for _ in range(ROUNDS):
        high, low = x0 * MULTIPLIERS[0], x2 * MULTIPLIERS[1]
        x0, x1, x2, x3 = (
            ((low >> 32) & _LOW) ^ x1 ^ k0,
            low & _LOW,
            ((high >> 32) & _LOW) ^ x3 ^ k1,
            high & _LOW,
        )
        k0, k1 = (k0 + INCREMENTS[0]) & _LOW, (k1 + INCREMENTS[1]) & _LOW
    return torch.stack([x0, x1, x2, x3])


def normals(key: Words, count: int, device: str) -> Tensor:
    """See `philox.normals`."""
    made = words(key, count, device)
    out = torch.empty(made.shape, dtype=torch.float32, device=device)
    for row in (0, 2):
        # in double: the single-precision root of some libraries is not rounded exactly
        radius = (_log(made[row]) * -2.0).double().sqrt().float()
        cosine, sine = _turn(made[row + 1])
        out[row], out[row + 1] = radius * cosine, radius * sine
    return out.view(-1)[:count]


def uniforms(key: Words, count: int, device: str) -> Tensor:
    """See `philox.uniforms`."""
    return (words(key, count, device).view(-1)[:count] >> 8).float() * 2.0**-24


def _log(word: Tensor) -> Tensor:
    """Logarithm of (word + 1) / 2^32."""
    bits = (word.float() + 1.0).view(torch.int32)
    exponent = ((bits >> 23) - 126).float()
    m = ((bits & 0x007FFFFF) | 0x3F000000).view(torch.float32)
    small = m < 0.70710678
    exponent = torch.where(small, exponent - 1.0, exponent) - 32.0
    t = torch.where(small, m + m, m) - 1.0
    z = t * t
    y = _polynomial(LOG, t) * t * z
    y = y + exponent * LOG2[1]
    y = y - z * 0.5
    return (t + y) + exponent * LOG2[0]


def _turn(word: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and sine of a full turn's share: the top two bits are the quarter."""
    x = ((word & 0x3FFFFFFF) - 0x20000000).float() * TURN
    z = x * x
    s = _polynomial(SINE, z) * z * x + x
    c = _polynomial(COSINE, z) * z * z - z * 0.5 + 1.0
    quarter = word >> 30
    odd = (quarter & 1) == 1
    along, across = torch.where(odd, -s, c), torch.where(odd, c, s)
    half_turn = quarter >= 2
    return torch.where(half_turn, -along, along), torch.where(half_turn, -across, across)


def _polynomial(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    """Horner's rule; each product and each sum is rounded by itself."""
    value = torch.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * x
        value = value + coefficient
    return value
