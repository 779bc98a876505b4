"""Runs an exported PyTorch module in single precision and on the meta device, on whole numbers, and on truth values for
the fields that are named last; prints the dtypes and devices of its results, what it says, and whether it gives the same."""

import importlib.util
import json
import sys

import torch

spec = importlib.util.spec_from_file_location("exported", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with open(sys.argv[2], encoding="utf-8") as file:
    rows = [episode[0] for episode in json.load(file)["episodes"]]


def moved(value, dtype, device):
    if isinstance(value, dict):
        return {name: moved(each, dtype, device) for name, each in value.items()}
    return value.to(device) if value.dtype == torch.bool else value.to(device=device, dtype=dtype)


given = module.columns([row["input"] for row in rows])
found = {}
for dtype, device in ((torch.float32, "cpu"), (torch.float64, "meta")):
    inputs = moved(given, dtype, device)
    step = [inputs[name] for name in ("obs", "action", "next", "terminated", "truncated")]
    total, components = torch.jit.script(module.reward)(*step) if device == "cpu" else module.reward(*step)
    results = [total, *components.values()]
    found[device] = sorted({f"{each.dtype} {each.device} {tuple(each.shape) == (len(rows),)}" for each in results})


def refusal(function):
    try:
        function(*[whole[name] for name in ("obs", "action", "next", "terminated", "truncated")])
    except (TypeError, torch.jit.Error) as error:
        return str(error).strip().split("\n")[-1]
    return "none"


whole = moved(given, torch.int64, "cpu")
found["whole numbers"] = [refusal(module.reward), refusal(torch.jit.script(module.reward))]
for record in (given["obs"], given["next"]):
    for name in sys.argv[3:]:
        if name in record:
            record[name] = record[name] != 0.0
step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
expected = torch.tensor([float(row["total"]) for row in rows], dtype=torch.float64)
results = [function(*step)[0] for function in (module.reward, torch.jit.script(module.reward))]
found["flags"] = [bool(torch.isclose(total, expected, rtol=1e-9, equal_nan=True).all()) for total in results]
print(json.dumps(found))
