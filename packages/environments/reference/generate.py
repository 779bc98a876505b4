"""Writes trajectories.golden.json: states, actions and ends of episodes that Gymnasium computed, for the tests to agree with.

    python3 -m venv .venv && .venv/bin/pip install gymnasium==1.4.0 && .venv/bin/python generate.py

Gymnasium rounds some states to single precision; here its modules see a NumPy whose float32 is float64, so that
the equations themselves are compared. Actions and initial states come from fixed seeds.
"""

import importlib
import json
import pathlib
import types

import gymnasium
import numpy

TASKS = {
    "cartpole": ("cartpole", "CartPoleEnv", lambda random: random.uniform(-0.05, 0.05, 4)),
    # The same cart and pole far from upright, under a force of any size.
    "cartpole-swing-up": (
        "cartpole",
        "CartPoleEnv",
        lambda random: numpy.concatenate(([0, 0], random.uniform([2.5, -1], [3.5, 1]))),
    ),
    "mountain-car": (
        "mountain_car",
        "MountainCarEnv",
        lambda random: numpy.array([random.uniform(-0.6, -0.4), 0.0]),
    ),
    "mountain-car-continuous": (
        "continuous_mountain_car",
        "Continuous_MountainCarEnv",
        lambda random: numpy.array([random.uniform(-0.6, -0.4), 0.0]),
    ),
    "pendulum": ("pendulum", "PendulumEnv", lambda random: random.uniform([-numpy.pi, -1], [numpy.pi, 1])),
    "acrobot": ("acrobot", "AcrobotEnv", lambda random: random.uniform(-0.1, 0.1, 4)),
}
TRAJECTORIES = 4
STEPS = 120


def in_double_precision(module):
    """Gymnasium's module with NumPy's float32 replaced by float64."""
    double = types.ModuleType("numpy")
    double.__dict__.update(numpy.__dict__)
    double.float32 = numpy.float64
    module.np = double
    return module


def policy(name, state, random):
    """An action as a list: pumps energy with the motion, with noise, so that every regime is reached."""
    if name == "cartpole":
        return [int(state[2] + 0.5 * state[3] + random.normal(0, 1.5) > 0)]
    if name == "cartpole-swing-up":
        return [float(numpy.sign(state[3]) * 1.2 * random.uniform())]
    if name == "mountain-car":
        return [int(1 + numpy.sign(state[1]) * (random.uniform() < 0.9))]
    if name == "acrobot":
        return [int(numpy.clip(1 + numpy.sign(state[3]) * (random.uniform() < 0.8), 0, 2))]
    if name == "pendulum":
        return [float(numpy.sign(state[1]) * 2.5 * random.uniform())]
    return [float(numpy.sign(state[1]) * 1.2 * random.uniform())]


def advance(name, env, action):
    """Gymnasium's step; returns whether the episode has ended."""
    if name != "cartpole-swing-up":
        return env.step(action[0] if isinstance(action[0], int) else numpy.array(action))[2]
    env.kinematics_integrator = "semi-implicit"
    env.force_mag = 6.0 * abs(min(max(action[0], -1), 1))
    env.step(int(action[0] > 0))
    # CartPole ends where the pole leans; here the track alone matters.
    return abs(env.state[0]) > env.x_threshold


def trajectory(name, seed):
    module_name, class_name, initial = TASKS[name]
    module = in_double_precision(importlib.import_module(f"gymnasium.envs.classic_control.{module_name}"))
    random = numpy.random.default_rng(seed)
    env = getattr(module, class_name)()
    env.reset(seed=seed)
    env.state = initial(random)
    states, actions, terminated = [env.state.tolist()], [], False
    for _ in range(STEPS):
        action = policy(name, env.state, random)
        terminated = advance(name, env, action)
        actions.append(action)
        states.append(numpy.asarray(env.state, dtype=numpy.float64).tolist())
        if terminated:
            break
    return {"states": states, "actions": actions, "terminated": bool(terminated)}


table = {
    "gymnasium": gymnasium.__version__,
    "trajectories": {name: [trajectory(name, seed) for seed in range(TRAJECTORIES)] for name in TASKS},
}
target = pathlib.Path(__file__).with_name("trajectories.golden.json")
target.write_text(json.dumps(table, separators=(",", ":")) + "\n")
for name, rows in table["trajectories"].items():
    print(name, [(len(row["actions"]), row["terminated"]) for row in rows])
