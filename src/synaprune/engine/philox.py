"""Random numbers computed from their position: Philox 4x32-10 and the transforms on it.

Philox (Salmon, Moraes, Dror and Shaw, *Parallel random numbers: as easy as 1, 2, 3*, 2011) turns a
counter and a key into four words of 32 bits. Everything after that uses only integer operations,
additions, products and square roots, each rounded as IEEE 754 says, so that compiled loops on the
processor and tensor operations on any device give the same bits.

The numbers of an array are laid out in four rows: block ``b`` of ``blocks`` gives elements ``b``,
``b + blocks``, ``b + 2 blocks`` and ``b + 3 blocks``.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Numbers = NDArray[np.float32]

#: Multipliers and key increments of Philox 4x32.
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
INCREMENTS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10

#: Coefficients of log(1 + t) / t^3 + 1 / (2 t) - 1 / t^2 on [1/sqrt(2) - 1, sqrt(2) - 1], highest
#: power first (Cephes library, logf), and log 2 in two parts whose multiples stay exact.
LOG = (7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
       -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)  # fmt: skip
LOG2 = (0.693359375, -2.12194440e-4)

#: Coefficients of sine and cosine on [-pi/4, pi/4], highest power first (Cephes, sinf and cosf).
SINE = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
COSINE = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)

#: Angle of one part in 2^30 of a quarter turn.
TURN = 1.4629180792671596e-9

_F = np.float32
_LOG = tuple(_F(value) for value in LOG)
_LOG2 = tuple(_F(value) for value in LOG2)
_SINE = tuple(_F(value) for value in SINE)
_COSINE = tuple(_F(value) for value in COSINE)
_TURN, _ONE, _HALF, _TWO, _MINUS_TWO = _F(TURN), _F(1), _F(0.5), _F(2), _F(-2)
_SQRT_HALF, _UNIT, _WORD_EXPONENT = _F(0.70710678), _F(2.0**-24), _F(-32)
_M0, _M1 = np.uint64(MULTIPLIERS[0]), np.uint64(MULTIPLIERS[1])
_I0, _I1 = np.uint64(INCREMENTS[0]), np.uint64(INCREMENTS[1])
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)


@njit(cache=True)
def _fill(key, first, blocks, out):  # type: ignore[no-untyped-def]
    """Write words of a stream named by four words for some counters: out[:, :blocks]."""
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    c2, c3 = np.uint64(key[2]), np.uint64(key[3])
    for block in range(blocks):
        x0, x1, x2, x3 = np.uint64(first + block), np.uint64(0), c2, c3
        r0, r1 = k0, k1
        for _ in range(ROUNDS):
            high = _M0 * x0
            low = _M1 * x2
            x0 = (low >> _SHIFT) ^ x1 ^ r0
            x1 = low & _LOW
            x2 = (high >> _SHIFT) ^ x3 ^ r1
            x3 = high & _LOW
            r0 = (r0 + _I0) & _LOW
            r1 = (r1 + _I1) & _LOW
        out[0, block] = x0
        out[1, block] = x1
        out[2, block] = x2
        out[3, block] = x3


@njit(cache=True)
def _normals(first, second, cosines, sines, scratch):  # type: ignore[no-untyped-def]
    """Box-Muller: a word for the radius and a word for the angle give two normals."""
    bits = scratch.view(np.int32)
    for i in range(len(first)):
        scratch[i] = np.float32(first[i]) + _ONE
    for i in range(len(first)):
        exponent = (bits[i] >> 23) - 126
        bits[i] = (bits[i] & 0x007FFFFF) | 0x3F000000
        cosines[i] = np.float32(exponent)
    for i in range(len(first)):
        m = scratch[i]
        e = cosines[i]
        small = m < _SQRT_HALF
        e = e - _ONE if small else e
        t = (m + m if small else m) - _ONE
        z = t * t
        y = _LOG[0]
        y = y * t + _LOG[1]
        y = y * t + _LOG[2]
        y = y * t + _LOG[3]
        y = y * t + _LOG[4]
        y = y * t + _LOG[5]
        y = y * t + _LOG[6]
        y = y * t + _LOG[7]
        y = y * t + _LOG[8]
        e = e + _WORD_EXPONENT
        y = y * t * z
        y = y + e * _LOG2[1]
        y = y - _HALF * z
        log = (t + y) + e * _LOG2[0]
        radius = np.sqrt(_MINUS_TWO * log)
        word = second[i]
        x = np.float32(np.int32(word & np.uint32(0x3FFFFFFF)) - np.int32(0x20000000)) * _TURN
        z = x * x
        s = _SINE[0]
        s = s * z + _SINE[1]
        s = s * z + _SINE[2]
        s = s * z * x + x
        c = _COSINE[0]
        c = c * z + _COSINE[1]
        c = c * z + _COSINE[2]
        c = c * z * z - _HALF * z + _ONE
        quarter = word >> np.uint32(30)
        odd = (quarter & np.uint32(1)) == np.uint32(1)
        along = -s if odd else c
        across = c if odd else s
        half_turn = quarter >= np.uint32(2)
        cosines[i] = radius * (-along if half_turn else along)
        sines[i] = radius * (-across if half_turn else across)


#: Blocks at a time: their words stay in the first-level cache until they have become numbers.
_CHUNK = 1024


@njit(cache=True)
def _all_normals(key, out):  # type: ignore[no-untyped-def]
    blocks = out.shape[1]
    words, scratch = np.empty((4, _CHUNK), np.uint32), np.empty(_CHUNK, np.float32)
    for start in range(0, blocks, _CHUNK):
        stop = min(start + _CHUNK, blocks)
        size = stop - start
        _fill(key, start, size, words)
        for row in (0, 2):
            _normals(
                words[row, :size],
                words[row + 1, :size],
                out[row, start:stop],
                out[row + 1, start:stop],
                scratch,
            )


@njit(cache=True)
def _uniforms(words, out):  # type: ignore[no-untyped-def]
    for i in range(len(words)):
        out[i] = np.float32(words[i] >> np.uint32(8)) * _UNIT


@njit(cache=True)
def _all_uniforms(key, out):  # type: ignore[no-untyped-def]
    blocks = out.shape[1]
    words = np.empty((4, _CHUNK), np.uint32)
    for start in range(0, blocks, _CHUNK):
        stop = min(start + _CHUNK, blocks)
        _fill(key, start, stop - start, words)
        for row in range(4):
            _uniforms(words[row, : stop - start], out[row, start:stop])


def words(key: Words, count: int) -> Words:
    """Words of a stream: (4, blocks), at least `count` of them."""
    found = np.empty((4, -(-count // 4)), dtype=np.uint32)
    _fill(key, 0, found.shape[1], found)
    return found


def series(key: Words, start: int, count: int) -> NDArray[np.float64]:
    """Numbers on [0, 1) of an endless row, whatever its length, from a position on: (count,).

    Unlike an array's, they are laid out counter by counter: position p is word p mod 4 of counter
    p div 4.
    """
    first = start // 4
    found = np.empty((4, -(-(start + count) // 4) - first), dtype=np.uint32)
    _fill(key, first, found.shape[1], found)
    row = found.T.reshape(-1)[start - 4 * first :][:count]
    return (row >> np.uint32(8)).astype(np.float64) * 2.0**-24


def normals(key: Words, count: int) -> Numbers:
    """N(0, 1) numbers of a stream: (count,)."""
    out = np.empty((4, -(-count // 4)), dtype=np.float32)
    _all_normals(key, out)
    return out.reshape(-1)[:count]


def uniforms(key: Words, count: int) -> Numbers:
    """Numbers on [0, 1), multiples of 2^-24: (count,)."""
    out = np.empty((4, -(-count // 4)), dtype=np.float32)
    _all_uniforms(key, out)
    return out.reshape(-1)[:count]
