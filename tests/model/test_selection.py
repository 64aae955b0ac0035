import torch
from hypothesis import given
from hypothesis import strategies as st

from synaprune.model.selection import smallest


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(0, 45))
def test_it_equals_a_stable_sort_ties_included(numbers, count):
    keys = torch.tensor(numbers, dtype=torch.float32)
    first = torch.argsort(keys, stable=True)[:count]
    expected = torch.zeros(len(keys), dtype=torch.bool)
    expected[first] = True
    assert torch.equal(smallest(keys, count), expected)


def test_it_leaves_the_keys_alone():
    keys = torch.tensor([3.0, 1.0, 2.0])
    smallest(keys, 2)
    assert keys.tolist() == [3.0, 1.0, 2.0]
