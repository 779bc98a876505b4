import { acrobot } from './acrobot.ts';
import type { BuiltinEnvironment } from './builtin.ts';
import { cartpole } from './cartpole.ts';
import { cartpoleSwingUp } from './cartpole-swing-up.ts';
import { doorKey } from './door-key.ts';
import { lavaDiamond } from './lava-diamond.ts';
import { mountainCar } from './mountain-car.ts';
import { mountainCarContinuous } from './mountain-car-continuous.ts';
import { pendulum } from './pendulum.ts';
import { reacher } from './reacher.ts';
import { treeSearch } from './tree-search.ts';

export type { BuiltinEnvironment } from './builtin.ts';
export { type Dynamics, type DynamicsConstant, drawVariation, type Variation } from './dynamics.ts';
export { deriveSeed, pick, type Random, randomStream, uniform } from './random.ts';
export type { Simulator } from './simulator.ts';

/** Every task that trains inside the service, by name. */
export const builtinEnvironments: ReadonlyMap<string, BuiltinEnvironment> = new Map(
  [
    cartpole,
    cartpoleSwingUp,
    mountainCar,
    mountainCarContinuous,
    pendulum,
    acrobot,
    reacher,
    lavaDiamond,
    doorKey,
    treeSearch,
  ].map((environment) => [environment.definition.name, environment]),
);
