# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""The peers of the engine, each in a process of its own that computes a turn whenever it is told to.

    python -m speech.peers PEER CHECKPOINT THREADS SPECTROGRAM TOKENS      (in Benchmarks)

PEER is torch-f32, torch-bf16, onnxruntime-f32, onnxruntime-int8, ctranslate2-f32 or ctranslate2-int8. A line `turn N`
on the standard input is answered with JSON: seconds of N encoders, of N prompts with the keys and values of the
cross-attention, milliseconds of a token, N times, and the tokens. `states PATH` writes the encoder's states as floats.
"""

import json
import os
import sys
import time

THREADS = int(sys.argv[3]) if __name__ == "__main__" else 1
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(THREADS)

import numpy  # noqa: E402

from speech.checkpoints import FRAMES, MELS, PROMPT  # noqa: E402


class Torch:
    """`transformers` as it comes, with PyTorch's fused attention."""

    def __init__(self, checkpoint, precision, spectrogram):
        import torch
        from transformers import WhisperForConditionalGeneration
        from transformers.cache_utils import DynamicCache, EncoderDecoderCache

        torch.set_num_threads(THREADS)
        torch.set_grad_enabled(False)
        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        self.torch = torch
        self.cache = lambda: EncoderDecoderCache(DynamicCache(), DynamicCache())
        self.model = WhisperForConditionalGeneration.from_pretrained(checkpoint, attn_implementation="sdpa")
        self.model = self.model.eval().to(kind)
        self.mel = torch.from_numpy(spectrogram).to(kind)

    def encode(self):
        return self.model.model.encoder(self.mel).last_hidden_state

    def numbers(self, states):
        return states.float().numpy()

    def step(self, tokens, states, cache):
        rows = self.model.model.decoder(
            input_ids=tokens, encoder_hidden_states=states, past_key_values=cache, use_cache=True).last_hidden_state
        return self.model.proj_out(rows[:, -1:]).argmax(-1)

    def prefill(self, states):
        cache = self.cache()
        return self.step(self.torch.tensor([PROMPT]), states, cache), states, cache

    def decode(self, begun, count):
        token, states, cache = begun
        found = []
        for _ in range(count):
            token = self.step(token, states, cache)
            found.append(int(token))
        return found


class OnnxRuntime:
    """The graphs of exports.py; keys and values stay where the runtime has put them."""

    def __init__(self, checkpoint, precision, spectrogram):
        import onnxruntime

        self.runtime = onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        end = ".int8.onnx" if precision == "int8" else ".onnx"
        self.encoder, self.cross, self.decoder = (
            onnxruntime.InferenceSession(
                f"{checkpoint}/onnx/{name}{end}", options, providers=["CPUExecutionProvider"])
            for name in ("encoder", "cross", "decoder"))
        names = [entry.name for entry in self.decoder.get_inputs()]
        self.past = [name for name in names if name.startswith("past_")]
        self.memory = [name for name in names if name.startswith("cross_")]
        shape = next(entry.shape for entry in self.decoder.get_inputs() if entry.name == self.past[0])
        self.nothing = numpy.zeros((1, shape[1], 0, shape[3]), numpy.float32)
        self.mel = spectrogram

    def encode(self):
        return self.encoder.run(None, {"mel": self.mel})[0]

    def numbers(self, states):
        return states

    def step(self, binding, tokens, first, past):
        binding.bind_cpu_input("tokens", numpy.array([tokens], numpy.int64))
        binding.bind_cpu_input("places", numpy.arange(first, first + len(tokens), dtype=numpy.int64)[None])
        for name, value in zip(self.past, past):
            binding.bind_ortvalue_input(name, value)
        for name in ["logits"] + [name.replace("past_", "new_") for name in self.past]:
            binding.bind_output(name, "cpu")
        self.decoder.run_with_iobinding(binding)
        logits, *past = binding.get_outputs()
        return int(logits.numpy()[0, -1].argmax()), past

    def prefill(self, states):
        value = self.runtime.OrtValue.ortvalue_from_numpy
        binding = self.decoder.io_binding()
        memory = self.cross.run_with_ort_values(None, {"states": value(states)})
        for name, part in zip([entry.name for entry in self.cross.get_outputs()], memory):
            binding.bind_ortvalue_input(name, part)
        return binding, *self.step(binding, PROMPT, 0, [value(self.nothing) for _ in self.past])

    def decode(self, begun, count):
        binding, token, past = begun
        found = []
        for place in range(len(PROMPT), len(PROMPT) + count):
            token, past = self.step(binding, [token], place, past)
            found.append(token)
        return found


class CTranslate2:
    """The engine of faster-whisper. It gives no single steps: a token is the difference of two lengths."""

    SHORT = 8

    def __init__(self, checkpoint, precision, spectrogram):
        import ctranslate2

        self.model = ctranslate2.models.Whisper(
            f"{checkpoint}/ctranslate2", device="cpu", compute_type="int8" if precision == "int8" else "float32",
            inter_threads=1, intra_threads=THREADS)
        self.mel = ctranslate2.StorageView.from_array(numpy.ascontiguousarray(spectrogram))

    def encode(self):
        return self.model.encode(self.mel, to_cpu=True)

    def numbers(self, states):
        return numpy.array(states)

    def generate(self, states, count):
        # max_length counts twice what is written (the prompt of a window may be as long as its text).
        result = self.model.generate(states, [PROMPT], beam_size=1, max_length=2 * count, suppress_blank=False,
                                     suppress_tokens=[], max_initial_timestamp_index=0)
        return result[0].sequences_ids[0]

    def prefill(self, states):
        return states, self.generate(states, self.SHORT)

    def decode(self, begun, count):
        # The first token is that of the prompt, as in the other peers.
        tokens = self.generate(begun[0], self.SHORT + count)
        if len(tokens) != self.SHORT + count:
            raise SystemExit(f"CTranslate2 wrote {len(tokens)} tokens instead of {self.SHORT + count}")
        return tokens[1:count + 1]


PEERS = {"torch": Torch, "onnxruntime": OnnxRuntime, "ctranslate2": CTranslate2}


def turn(peer, rounds, count):
    result = {"encoder": [], "prefill": [], "token": []}
    for _ in range(rounds):
        start = time.perf_counter()
        states = peer.encode()
        encoded = time.perf_counter()
        begun = peer.prefill(states)
        filled = time.perf_counter()
        result["tokens"] = peer.decode(begun, count)
        end = time.perf_counter()
        result["encoder"].append(encoded - start)
        if isinstance(peer, CTranslate2):
            # Both lengths have the prompt; what is left of the short one without its tokens is the prompt.
            token = ((end - filled) - (filled - encoded)) / count
            result["prefill"].append(filled - encoded - (peer.SHORT - 1) * token)
        else:
            token = (end - filled) / count
            result["prefill"].append(filled - encoded)
        result["token"].append(token * 1000)
    return result


def main():
    name, checkpoint, _, path, count = sys.argv[1:]
    kind, precision = name.split("-")
    spectrogram = numpy.fromfile(path, numpy.float32).reshape(1, MELS, FRAMES)
    peer = PEERS[kind](checkpoint, precision, spectrogram)
    print(json.dumps({"ready": name}), flush=True)
    for line in sys.stdin:
        order, value = line.split(maxsplit=1)
        if order == "turn":
            # What was done since has taken the caches.
            turn(peer, 1, 4)
            answer = turn(peer, int(value), int(count))
        else:
            peer.numbers(peer.encode()).astype(numpy.float32).tofile(value.strip())
            answer = {}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
