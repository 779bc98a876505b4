"""Times exported rewards against the same formulas written by hand; prints one JSON line a task.

Reads lines of {"name", "numpy", "torch", "fields", "actions"} from standard input: paths of modules, field lengths.
"""

import importlib.util
import json
import sys
import time

import handwritten_numpy
import handwritten_torch
import numpy as np
import torch

ENVIRONMENTS = 4096
TURNS = 150
CALLS = 4


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seconds(call):
    began = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - began) / CALLS


def ratio(exported, written, arguments):
    """How many times as fast as the hand-written code the exported code is, by the best of turns one after the other."""
    got, expected = exported(*arguments)[0], written(*arguments)[0]
    scale = float(abs(expected).max())
    assert float(abs(got - expected).max()) <= 1e-4 * scale, "the two formulas differ"
    pairs = [(seconds(lambda: exported(*arguments)), seconds(lambda: written(*arguments))) for _ in range(TURNS)]
    ours, by_hand = (min(times) * 1e6 for times in zip(*pairs))
    return by_hand / ours, ours, by_hand


def inputs(job, generator):
    def field(length):
        shape = (ENVIRONMENTS,) if length is None else (ENVIRONMENTS, length)
        return generator.uniform(-1.0, 1.0, shape)

    records = [{name: field(length) for name, length in job["fields"]} for _ in range(2)]
    flags = [generator.uniform(size=ENVIRONMENTS) < 0.1 for _ in range(2)]
    return [records[0], field(job["actions"]), records[1], *flags]


def as_torch(value, dtype):
    if isinstance(value, dict):
        return {name: as_torch(each, dtype) for name, each in value.items()}
    return torch.tensor(value) if value.dtype == bool else torch.tensor(value, dtype=dtype)


torch.set_num_threads(1)
for line in sys.stdin:
    job = json.loads(line)
    arguments = inputs(job, np.random.default_rng(7))
    tensors = [as_torch(argument, torch.float32) for argument in arguments]
    exported = load(job["torch"], "exported_torch").reward
    by_hand = getattr(handwritten_torch, job["name"])
    times = {
        "numpy": ratio(load(job["numpy"], "exported_numpy").reward, getattr(handwritten_numpy, job["name"]), arguments),
        "torch": ratio(exported, by_hand, tensors),
    }
    print(json.dumps({"name": job["name"], **{target: list(found) for target, found in times.items()}}), flush=True)
