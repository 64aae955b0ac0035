"""The healthy network that the tests of the plain network start from."""

from __future__ import annotations

import pytest
from plain_cases import F64, SIZES, SMALL, Named

from plain_pretraining import pretrain


@pytest.fixture(scope="module")
def healthy():
    return pretrain(Named(), SIZES, SMALL, F64)
