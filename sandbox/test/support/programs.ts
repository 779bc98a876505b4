import { Environment, type Kernel } from '@rewardsmith/contracts';
import { compile, emitKernel } from '@rewardsmith/language';
import { Rollout } from '@rewardsmith/rollouts';

/** A small environment of one scalar, one vector and a discrete action. */
export const environment = Environment.parse({
  name: 'sandbox-test',
  observation: [
    { name: 'angle', shape: [], unit: 'rad' },
    { name: 'position', shape: [2], unit: 'm' },
  ],
  action: { kind: 'discrete', n: 2 },
  maxEpisodeSteps: 500,
});

/** Episodes of 20 steps with smooth, distinct columns. */
export function rollout(steps = 200, phase = 0): Rollout {
  const recorded = Rollout.allocate(environment, { steps, episodes: Math.ceil(steps / 20) });
  for (let step = 0; step < steps; step += 1) {
    recorded.columns.forEach((column, index) => {
      column[step] = Math.sin(step * 0.1 + index + phase);
    });
    recorded.steps += 1;
    if (recorded.steps % 20 === 0 || recorded.steps === steps) recorded.endEpisode();
  }
  return recorded;
}

/** A kernel over `next.angle` with one component, `value`, and the total. */
export function kernel(source: string, outputs: readonly string[] = ['value', 'total']): Kernel {
  return {
    source,
    columns: [{ role: 'next', field: 'angle', index: 0 }],
    params: [{ name: 'weight', value: 2 }],
    outputs,
  };
}

/** The kernel of a program in the reward language. */
export function emitted(source: string): Kernel {
  const compilation = compile(source, environment);
  if (!compilation.ok) throw new Error(`outside the language: ${source}`);
  return emitKernel(compilation.program);
}

/** Weight times the cosine of the angle. */
export const cosine = kernel(`function (columns, offsets, episodes, params, outputs) {
  const angle = columns[0], value = outputs[0], total = outputs[1], weight = params[0];
  for (let step = 0; step < offsets[episodes]; step += 1) value[step] = total[step] = weight * Math.cos(angle[step]);
}`);

export function expectedCosine(recorded: Rollout): number[] {
  return [...recorded.column({ role: 'next', field: 'angle', index: 0 })].map((angle) => 2 * Math.cos(angle));
}

/** A kernel whose body is arbitrary JavaScript with `columns`, `offsets`, `episodes`, `params` and `outputs` in scope. */
export function body(code: string): Kernel {
  return kernel(`(columns, offsets, episodes, params, outputs) => { ${code} }`);
}

/** Loops until it is stopped. */
export const endless = body('for (;;);');
