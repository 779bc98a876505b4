import { Environment, type LabelledEpisode } from '@rewardsmith/contracts';
import { type Labels, recordedRollout } from '@rewardsmith/rollouts';
import { describe, expect, it } from 'vitest';
import { agreementOf, gate, type Recording } from '../src/index.ts';

const environment = Environment.parse({
  name: 'test',
  observation: [{ name: 'position', shape: [], unit: 'm', low: -2, high: 3 }],
  action: { kind: 'discrete', n: 3 },
  maxEpisodeSteps: 40,
});

function episode(fitness: number): LabelledEpisode {
  const column = (value: number) => Array.from({ length: 5 }, () => value);
  return {
    seed: 0,
    fitness,
    succeeded: fitness > 4,
    terminated: false,
    columns: {
      'obs.position': column(0),
      action: column(1),
      'next.position': column(fitness),
      terminated: column(0),
      truncated: column(0),
    },
    components: {},
  };
}

function recordingWith(fitness: readonly number[]): Recording {
  const rollout = recordedRollout(environment, fitness.map(episode));
  return { rollout, succeeded: fitness.map((each) => each > 4), fitness, success: new Float64Array(rollout.steps) };
}

const recording = recordingWith([0, 1, 2, 3, 4, 5]);

/** The reward pays each step of an episode what `pays` says of the episode's fitness. */
function labels(pays: (fitness: number) => number, { fitness, rollout }: Recording = recording): Labels {
  const total = new Float64Array(rollout.steps);
  for (const [index, value] of fitness.entries()) total.fill(pays(value), ...rollout.span(index));
  return { names: ['only', 'total'], columns: [total, total] };
}

describe('the gate', () => {
  it('counts pairs that a reward puts the other way round, ties for neither', () => {
    const total = (pays: (fitness: number) => number) => labels(pays).columns[1] ?? new Float64Array();
    expect(
      agreementOf(
        total((fitness) => fitness),
        recording,
      ),
    ).toEqual({ pairs: 15, reversed: 0 });
    expect(
      agreementOf(
        total((fitness) => -fitness),
        recording,
      ),
    ).toEqual({ pairs: 15, reversed: 15 });
    expect(
      agreementOf(
        total(() => 1),
        recording,
      ),
    ).toEqual({ pairs: 15, reversed: 0 });
    expect(
      agreementOf(
        total((fitness) => Math.min(fitness, 2)),
        recording,
      ),
    ).toEqual({ pairs: 15, reversed: 0 });
  });

  it('refuses a reward that pays more for doing worse, and lets one pass that does not', () => {
    expect(
      gate(
        labels((fitness) => -fitness),
        recording,
      ),
    ).toMatchObject([
      { code: 'disagrees-with-fitness', severity: 'error', message: expect.stringContaining('15 pairs') },
    ]);
    expect(
      gate(
        labels((fitness) => Math.sqrt(fitness)),
        recording,
      ),
    ).toEqual([]);
    expect(
      gate(
        labels(() => 0),
        recording,
      ),
    ).toEqual([]);
  });

  it('says nothing where too few episodes differ', () => {
    const alike = recordingWith([1, 1, 1, 1, 1, 5]);
    expect(
      gate(
        labels((fitness) => -fitness, alike),
        alike,
      ),
    ).toEqual([]);
  });
});
