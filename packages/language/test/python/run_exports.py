"""Runs exported modules over their parity files and prints, one JSON line a module, how far their values are off.

Reads lines of {"name", "module", "parity", "mode"} from standard input; mode is eager, script or compile.
"""

import importlib.util
import json
import math
import struct
import sys
import time
import warnings


def place(x):
    """Doubles in order, as whole numbers: neighbours differ by 1, and the two zeros are one."""
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def ulps(got, expected):
    if math.isnan(got) or math.isnan(expected):
        return 0.0 if math.isnan(got) and math.isnan(expected) else math.inf
    if math.isinf(got) or math.isinf(expected):
        return 0.0 if got == expected else math.inf
    return float(abs(place(got) - place(expected)))


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(job):
    module = load(job["module"], job["name"])
    with open(job["parity"], encoding="utf-8") as file:
        entry = json.load(file)["entry"]
    function = getattr(module, entry)
    if job["mode"] != "eager":
        import torch

        wrapped = (
            torch.jit.script(function) if job["mode"] == "script" else torch.compile(function, backend=job["backend"])
        )
        setattr(module, entry, wrapped)
    is_close = module.is_close
    seen = {"values": 0, "ulps": 0.0}

    def watch(got, expected, scale):
        seen["values"] += 1
        # Of terms that cancel, the last places of the result say nothing.
        if scale == 0.0 and is_close(got, expected, scale):
            seen["ulps"] = max(seen["ulps"], ulps(got, expected))
        return is_close(got, expected, scale)

    module.is_close = watch
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows, differences = module.check_parity(job["parity"])
    words = sorted({str(warning.message) for warning in caught if issubclass(warning.category, RuntimeWarning)})
    return {"rows": rows, "differences": differences[:5], "count": len(differences), "warnings": words, **seen}


for line in sys.stdin:
    job = json.loads(line)
    began = time.perf_counter()
    try:
        result = run(job)
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"[:2000]}
    print(json.dumps({"name": job["name"], "seconds": time.perf_counter() - began, **result}), flush=True)
