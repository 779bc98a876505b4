import type { Environment } from '@rewardsmith/contracts';
import type { RewardProgram } from '../ir/program.ts';
import type { ParitySteps } from './choose.ts';
import { columnPlaces } from './columns.ts';

/** A number in JSON: what JSON cannot spell is text that every target's own conversion reads. */
type ParityNumber = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

const spelled = (value: number): ParityNumber => {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity';
};

/**
 * The text of a parity file: the steps as a trainer would hand them over, and what the sandbox's kernel made of each.
 * `labels` are the kernel's outputs by name, one entry a step, episode after episode. Where the terms of an output
 * cancel, `scale` says how large they are: an absolute error in proportion to them is allowed.
 */
export function parityFile(
  program: RewardProgram,
  steps: ParitySteps,
  labels: ReadonlyMap<string, Float64Array>,
): string {
  const { environment, components, params, entry } = program;
  const value = (name: string, step: number): ParityNumber => spelled(labels.get(name)?.[step] ?? Number.NaN);
  const columns = columnPlaces(environment);
  let step = -1;
  const episodes = steps.episodes.map((episode, number) =>
    episode.map((row, index) => {
      step += 1;
      const at = step;
      const scale = steps.scales[number]?.[index] ?? {};
      return JSON.stringify({
        input: inputOf(environment, columns, row),
        components: Object.fromEntries(components.map((name) => [name, value(name, at)])),
        total: value('total', at),
        ...(Object.keys(scale).length === 0 ? {} : { scale }),
      });
    }),
  );
  const head = {
    environment: environment.name,
    entry,
    components,
    params: Object.fromEntries(params),
    branches: { found: steps.branches, covered: steps.covered },
  };
  const lines = episodes.map((rows) => `    [\n      ${rows.join(',\n      ')}\n    ]`);
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "episodes": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function inputOf(environment: Environment, columns: ReadonlyMap<string, number>, row: Float64Array): unknown {
  const at = (role: string, field: string, index: number): number =>
    row[columns.get(`${role} ${field} ${index}`) ?? -1] ?? 0;
  const record = (role: 'obs' | 'next'): unknown =>
    Object.fromEntries(
      environment.observation.map(({ name, shape, unit }) => {
        const entry = (index: number): unknown => {
          const value = at(role, name, index);
          return unit === 'boolean' ? value !== 0 : spelled(value);
        };
        return [name, shape.length === 0 ? entry(0) : Array.from({ length: shape[0] }, (_, index) => entry(index))];
      }),
    );
  const { action } = environment;
  return {
    obs: record('obs'),
    action:
      action.kind === 'discrete'
        ? at('action', '', 0)
        : Array.from({ length: action.shape[0] }, (_, index) => spelled(at('action', '', index))),
    next: record('next'),
    terminated: at('terminated', '', 0) !== 0,
    truncated: at('truncated', '', 0) !== 0,
  };
}
