#!/bin/bash
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
#
# Teachers, then adapters that learn from them, and others that learn alone, all measured on the held-out parts of the
# training data. Runs side by side on one accelerator:
#     choose.sh DATA BASE OUT SECONDS_FOR_TEACHERS SECONDS_FOR_ADAPTERS
set -u
here=$(cd "$(dirname "$0")" && pwd)
data=$1 base=$2 out=$3 first=$4 second=$5
teachers=$out.teachers
mkdir -p "$out" "$teachers"
train() { python3 "$here/train.py" --data "$data" --base "$base" "$@" || echo "FAILED $*"; }
train --task entities --rank 48 --rate 1e-3 --epochs 16 --seconds $((first + second + 25)) --workers 3 --out "$out/entities-alone.safetensors" &
alone=$!
taught=()
for seed in 1 2; do
    train --task entities --rank 0 --rate "${seed}.5e-4" --seed $seed --epochs 7 --seconds "$first" --out "$teachers/entities-$seed.safetensors" &
    taught+=($!)
    train --task sentiment --rank 0 --rate "${seed}e-4" --seed $seed --epochs 4 --seconds "$first" --out "$teachers/sentiment-$seed.safetensors" &
    taught+=($!)
done
wait "${taught[@]}"
train --task entities --rank 48 --rate 1e-3 --epochs 12 --seconds "$second" --workers 3 --teachers "$teachers"/entities-?.safetensors --out "$out/entities-taught.safetensors" &
train --task sentiment --rank 32 --rate 1e-3 --epochs 6 --seconds "$second" --teachers "$teachers"/sentiment-?.safetensors --out "$out/sentiment-taught.safetensors" &
train --task sentiment --rank 32 --rate 1e-3 --epochs 5 --seconds "$second" --out "$out/sentiment-alone.safetensors" &
wait
