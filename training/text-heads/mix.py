# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Weights between those of an adapter and of one that went on from it: `python mix.py FIRST SECOND SHARE OUT`.

SHARE is the second's. Up to 1, what the second has forgotten comes back before what it has learnt is gone (Wortsman et al.
2022, WiSE-FT); beyond 1 the way from the first to the second is followed further.
"""

import sys

from safetensors.torch import load_file, save_file


def main():
    first, second, share, out = sys.argv[1:]
    before, after, share = load_file(first), load_file(second), float(share)
    mixed = {name: (1 - share) * tensor.float() + share * after[name].float() for name, tensor in before.items()}
    save_file({name: tensor.to(before[name].dtype).contiguous() for name, tensor in mixed.items()}, out)


if __name__ == "__main__":
    main()
