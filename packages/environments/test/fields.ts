import type { BuiltinEnvironment, Simulator } from '../src/index.ts';
import { builtinEnvironments } from '../src/index.ts';

export function environmentNamed(name: string): BuiltinEnvironment {
  const found = builtinEnvironments.get(name);
  if (found === undefined) throw new Error(`${name} is not built in`);
  return found;
}

export type Reading = (field: string, index?: number) => number;

/** Reads fields by name: `read(environment, simulator)('lavaNear', 1)`. */
export function read({ definition }: BuiltinEnvironment, simulator: Simulator): Reading {
  const names = definition.observation.flatMap((field) =>
    Array.from({ length: field.shape[0] ?? 1 }, (_, index) => `${field.name}[${index}]`),
  );
  return (field, index = 0) => {
    const entry = names.indexOf(`${field}[${index}]`);
    if (entry < 0) throw new RangeError(field);
    return simulator.observation[entry] ?? Number.NaN;
  };
}
