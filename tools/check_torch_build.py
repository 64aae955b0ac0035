"""Say loudly when gigabytes of CUDA were installed on a machine that has no GPU."""

import sys

import torch

WARNING = """
################################################################################
# torch {version} is a CUDA build, and this machine has no usable GPU.
# It works, but it took gigabytes. For the small CPU build:
#
#     make clean
#     PIP_INDEX_URL=<PyTorch's CPU wheel index> \\
#     PIP_EXTRA_INDEX_URL=<your usual package index> make setup
#
# PyTorch's page "Get started" names the address of its CPU wheel index.
################################################################################
"""

if torch.version.cuda is not None and not torch.cuda.is_available():
    sys.stderr.write(WARNING.format(version=torch.__version__))
