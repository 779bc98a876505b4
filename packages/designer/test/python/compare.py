"""Runs rewards as they were written in Python beside what the translated ones were exported as, over the same rows.

Reads one JSON object from standard input: `programs`, each with `source`, `function` and `module`, and `rows`. Writes one line of JSON
with the differences.
"""

import inspect
import json
import math
import sys

import numpy as np


def arrays(record):
    return {name: np.array(value) if isinstance(value, list) else value for name, value in record.items()}


def called(function, row, constants):
    """Calls a reward with as many of the inputs as it asks for, by the names that it uses."""
    inputs = {
        "obs": arrays(row["obs"]),
        "state": arrays(row["obs"]),
        "next": arrays(row["next"]),
        "next_obs": arrays(row["next"]),
        "next_state": arrays(row["next"]),
        "action": np.array(row["action"]),
        "terminated": row["terminated"],
        "truncated": row["truncated"],
        "done": row["terminated"] or row["truncated"],
        "env": constants,
        "info": {},
    }
    parameters = inspect.signature(function).parameters
    if "prev_obs" in parameters:
        inputs |= {"prev_obs": inputs["obs"], "obs": inputs["next"]}
    return function(**{name: inputs[name] for name in parameters})


def total_and_components(result):
    if isinstance(result, tuple):
        return float(result[0]), {name: float(value) for name, value in result[1].items()}
    components = {name: float(value) for name, value in result.items()}
    return sum(components.values()), components


def close(a, b):
    return a == b or (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15)


request = json.load(sys.stdin)
for program in request["programs"]:
    own, exported = {}, {}
    exec(program["source"], own)  # noqa: S102
    exec(program["module"], exported)  # noqa: S102
    differences = []
    for row in request["rows"]:
        total, components = total_and_components(called(own[program["function"]], row, request["constants"]))
        inputs = (row["obs"], row["action"], row["next"], row["terminated"], row["truncated"])
        got_total, got = exported["reward"](*inputs)[:2]
        if not close(total, float(got_total)):
            differences.append(f"total: {total} and {got_total}")
        for name, value in components.items():
            if not close(value, float(got[name])):
                differences.append(f"{name}: {value} and {got[name]}")
    print(json.dumps({"name": program["name"], "rows": len(request["rows"]), "differences": differences[:3]}))
