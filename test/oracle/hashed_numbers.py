"""Numbers that look random and are the same in every language (test/support/hashed-numbers.ts), for the oracles of PyTorch."""

import math

import numpy as np
import torch


def uniform(n, seed):
    """n numbers in [0, 1): a 32-bit mix of the index."""
    x = (np.arange(n, dtype=np.uint64) + np.uint64(seed * 1_000_003)) & np.uint64(0xFFFFFFFF)
    x = ((x + np.uint64(1)) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(0x2C1B3C6D)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(12)
    x = (x * np.uint64(0x297A2D39)) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(15)
    return x.astype(np.float64) / 2.0**32


def tensor(shape, seed, low=-1.0, high=1.0):
    """Of doubles, rounded to single precision, which is what bellman is fed with."""
    u = low + (high - low) * uniform(math.prod(shape), seed)
    return torch.from_numpy(u.astype(np.float32).astype(np.float64)).reshape(shape)
