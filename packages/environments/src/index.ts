import { acrobot } from './acrobot.ts';
import type { BuiltinEnvironment } from './builtin.ts';
import { cartpole } from './cartpole.ts';
import { cartpoleSwingUp } from './cartpole-swing-up.ts';
import { cupCatch } from './cup-catch.ts';
import { doorKey } from './door-key.ts';
import { halfCheetah } from './half-cheetah.ts';
import { hopper } from './hopper.ts';
import { lavaDiamond } from './lava-diamond.ts';
import { mountainCar } from './mountain-car.ts';
import { mountainCarContinuous } from './mountain-car-continuous.ts';
import { pendulum } from './pendulum.ts';
import { pusher } from './pusher.ts';
import { reacher } from './reacher.ts';
import { treeSearch } from './tree-search.ts';
import { walker } from './walker.ts';

export type { BuiltinEnvironment } from './builtin.ts';
export { type Dynamics, type DynamicsConstant, drawVariation, type Variation } from './dynamics.ts';
export type { LibraryFiles } from './library.ts';
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
    hopper,
    halfCheetah,
    walker,
    cupCatch,
    pusher,
  ].map((environment) => [environment.definition.name, environment]),
);
