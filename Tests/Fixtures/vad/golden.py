#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Makes golden.json: what Silero VAD says of several sounds, and which spans its authors make of that.

    pip install silero-vad==6.2.3 onnx onnxruntime numpy safetensors torch
    python golden.py

`official` comes from the package's ONNX graph with the weights of its safetensors file, run by ONNX Runtime window by
window with its state and context. (The graph's own weights are of a later training than that file: both were compared
with the implementation below, and agree with it within 1e-5.) `random` has weights of the same shapes made of numbers
that the tests make too, so that no weights are needed there; its probabilities come from an implementation in NumPy
written from the architecture: convolutions as sums over taps, no packing, double precision. `spans` is what the
package's get_speech_timestamps_from_probs makes of the official probabilities.
"""
import importlib.util
import json
import pathlib
import sys
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent
MASK = (1 << 64) - 1


def numbers(seed, count):
    """Uniform in [-0.5, 0.5), exact in single precision (SplitMix64; Steele et al. 2014)."""
    state = (seed + 0x9E3779B97F4A7C15 * np.arange(1, count + 1, dtype=np.uint64)) & np.uint64(MASK)
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.float64) / 2**24 - 0.5).astype(np.float32)


# Name, shape, and the factor of the random numbers: about the square root of 12 over the number of inputs.
SHAPES = [
    ("stft_conv.weight", (258, 1, 256), 0.25),
    ("conv1.weight", (128, 129, 3), 0.25),
    ("conv1.bias", (128,), 0.25),
    ("conv2.weight", (64, 128, 3), 0.25),
    ("conv2.bias", (64,), 0.25),
    ("conv3.weight", (64, 64, 3), 0.5),
    ("conv3.bias", (64,), 0.25),
    ("conv4.weight", (128, 64, 3), 0.5),
    ("conv4.bias", (128,), 0.25),
    ("lstm_cell.weight_ih", (512, 128), 0.5),
    ("lstm_cell.weight_hh", (512, 128), 0.5),
    ("lstm_cell.bias_ih", (512,), 0.5),
    ("lstm_cell.bias_hh", (512,), 0.5),
    ("final_conv.weight", (1, 128, 1), 2.0),
    ("final_conv.bias", (1,), 0.5),
]


def random_weights():
    return {
        name: (numbers(1000 + index, int(np.prod(shape))) * np.float32(factor)).reshape(shape)
        for index, (name, shape, factor) in enumerate(SHAPES)
    }


def random_sound():
    """2 s of noise that comes and goes."""
    samples = numbers(7, 32000)
    loud = (np.arange(32000) // 4000 % 3).astype(np.float32) / np.float32(2)
    return samples * loud


class Network:
    """The architecture in NumPy, double precision."""

    def __init__(self, weights):
        self.w = {name: value.astype(np.float64) for name, value in weights.items()}
        self.h = np.zeros(128)
        self.c = np.zeros(128)
        self.context = np.zeros(64)

    def convolve(self, x, name, stride):  # x: [channel, time]
        weight, bias = self.w[name + ".weight"], self.w[name + ".bias"]
        x = np.pad(x, ((0, 0), (1, 1)))
        steps = range(0, x.shape[1] - 2, stride)
        out = np.stack([sum(weight[:, :, k] @ x[:, t + k] for k in range(3)) + bias for t in steps], axis=1)
        return np.maximum(out, 0)

    def __call__(self, window):
        x = np.concatenate([self.context, window])
        self.context = x[-64:]
        x = np.pad(x, (0, 64), mode="reflect")
        basis = self.w["stft_conv.weight"][:, 0, :]
        spectrum = np.stack([basis @ x[t : t + 256] for t in range(0, len(x) - 255, 128)], axis=1)
        x = np.sqrt(spectrum[:129] ** 2 + spectrum[129:] ** 2)
        for name, stride in [("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 1)]:
            x = self.convolve(x, name, stride)
        assert x.shape == (128, 1)
        gates = (
            self.w["lstm_cell.weight_ih"] @ x[:, 0] + self.w["lstm_cell.bias_ih"]
            + self.w["lstm_cell.weight_hh"] @ self.h + self.w["lstm_cell.bias_hh"]
        )
        sigmoid = lambda v: 1 / (1 + np.exp(-v))
        i, f, g, o = np.split(gates, 4)
        self.c = sigmoid(f) * self.c + sigmoid(i) * np.tanh(g)
        self.h = sigmoid(o) * np.tanh(self.c)
        return float(sigmoid(np.maximum(self.h, 0) @ self.w["final_conv.weight"][0, :, 0] + self.w["final_conv.bias"][0]))


def windows(samples):
    samples = np.pad(samples, (0, -len(samples) % 512))
    return samples.reshape(-1, 512)


def official(session, samples):
    state = np.zeros((2, 1, 128), np.float32)
    context = np.zeros(64, np.float32)
    out = []
    for window in windows(samples):
        x = np.concatenate([context, window])[None]
        p, state = session.run(None, {"input": x, "state": state, "sr": np.array(16000, np.int64)})
        context = x[0, -64:]
        out.append(float(p[0, 0]))
    return out


def clip(name):
    with wave.open(str(HERE.parent / "whisper/speech/clips" / name)) as file:
        assert file.getframerate() == 16000 and file.getnchannels() == 1 and file.getsampwidth() == 2
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / np.float32(32768)


NAMES = {"stft_conv": "model.stft.forward_basis_buffer", "final_conv": "model.decoder.decoder.2"}
NAMES |= {f"conv{i + 1}": f"model.encoder.{i}.reparam_conv" for i in range(4)}


def graph_name(name):
    """What the package's graph calls a tensor."""
    layer, _, kind = name.partition(".")
    if layer == "lstm_cell":
        return "model.decoder.rnn." + kind
    return NAMES[layer] if layer == "stft_conv" else f"{NAMES[layer]}.{kind}"


def sessions(root):
    """The package's graph with its own weights, which are returned too, and with those of the safetensors file."""
    import onnx
    import onnxruntime
    from safetensors.numpy import load_file

    graph = onnx.load(root / "data/silero_vad_16k_op15.onnx")
    places = {tensor.name: tensor for tensor in graph.graph.initializer}
    weights = load_file(root / "data/silero_vad_16k.safetensors")
    later = {name: onnx.numpy_helper.to_array(places[graph_name(name)]).copy() for name in weights}
    options = dict(providers=["CPUExecutionProvider"])
    own = onnxruntime.InferenceSession(graph.SerializeToString(), **options)
    for name, value in weights.items():
        place = places[graph_name(name)]
        assert list(place.dims) == list(value.shape)
        place.CopyFrom(onnx.numpy_helper.from_array(value, place.name))
    return own, later, onnxruntime.InferenceSession(graph.SerializeToString(), **options), weights


def main():

    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else importlib.util.find_spec("silero_vad").submodule_search_locations[0])
    own, later, session, weights = sessions(root)
    sounds = {
        "zeros": np.zeros(16000, np.float32),
        "noise": random_sound(),
        "en-02.wav": clip("en-02.wav"),
        "de-05.wav": clip("de-05.wav"),
        "es-02.wav, 60 dB quieter": clip("es-02.wav") * np.float32(1 / 1024),
    }
    probabilities = {name: official(session, samples) for name, samples in sounds.items()}

    spec = importlib.util.spec_from_file_location("utils_vad", root / "utils_vad.py")
    utils = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(utils)
    everything = [p for name in ["en-02.wav", "zeros", "de-05.wav", "noise"] for p in probabilities[name]]
    wobbly = [float(abs(v)) * 2 for v in numbers(11, 400)]
    spans = []
    for values in (everything, wobbly):
        for enter, stay, speech, pause in [(0.5, 0.35, 250, 100), (0.5, 0.35, 100, 200), (0.3, 0.2, 64, 96), (0.8, 0.6, 100, 400)]:
            found = utils.get_speech_timestamps_from_probs(
                values, threshold=enter, neg_threshold=stay, min_speech_duration_ms=speech,
                min_silence_duration_ms=pause, speech_pad_ms=0)
            spans.append(dict(
                values=[round(v, 6) for v in values], enter=enter, stay=stay, speech=speech, pause=pause,
                spans=[[s["start"] // 16, s["end"] // 16] for s in found]))
    network = Network(random_weights())
    golden = {
        "package": next((p.name for p in root.parent.glob("silero_vad-*.dist-info")), "silero_vad"),
        "official": {name: [round(p, 7) for p in values] for name, values in probabilities.items()},
        "random": [round(network(window), 7) for window in windows(random_sound())],
        "spans": spans,
    }
    (HERE / "golden.json").write_text(json.dumps(golden, indent=0).replace(",\n", ",") + "\n")
    for name, values in probabilities.items():
        print(name, len(values), min(values), max(values))
    print("random", min(golden["random"]), max(golden["random"]))
    samples = sounds["en-02.wav"]
    for which, values, reference in [("its own", later, own), ("the file's", weights, session)]:
        network = Network(values)
        difference = max(abs(network(w) - p) for w, p in zip(windows(samples), official(reference, samples)))
        print(f"NumPy against the graph with {which} weights: {difference:.1e}")


main()
