import type { Operator } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile, liftLiterals } from '@rewardsmith/language';
import { describe, expect, it } from 'vitest';
import { createGrammarDesigner } from '../src/index.ts';

const designer = createGrammarDesigner();
const mixed = (seed: number) => Math.imul(seed + 1, 2_654_435_761) >>> 1;

function environmentNamed(name: string) {
  const found = builtinEnvironments.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function propose(name: string, operator: Operator, seed: number, sources: readonly string[] = []) {
  const { definition, success, fitness } = environmentNamed(name);
  return designer.propose({
    environment: definition,
    success,
    fitness,
    description: '',
    operator,
    parents: sources.map((source, index) => ({ id: `p${index}`, source, fitness: 0, findings: [] })),
    seed: mixed(seed),
    generation: 1,
    index: 0,
    forms: {},
    reflection: 'none',
    flat: false,
  });
}

function compiled(name: string, source: string) {
  const compilation = compile(source, environmentNamed(name).definition);
  if (!compilation.ok) throw new Error(`${compilation.findings[0]?.message} in\n${source}`);
  return compilation.program;
}

const operators = ['add', 'drop', 'rescale', 'swap', 'crossover'] as const;

describe.each(['mountain-car', 'acrobot', 'pendulum', 'door-key'])(
  'parents of %s whose numbers were lifted',
  (name) => {
    it.each(operators)('are varied by %s like any other', async (operator) => {
      for (let seed = 0; seed < 12; seed += 1) {
        const parents = [];
        for (const index of [seed, seed + 100]) {
          const { source } = await propose(name, 'initial', index);
          parents.push(liftLiterals(compiled(name, source)).source);
        }
        const child = await propose(name, operator, seed, parents);
        const single = compiled(name, parents[0] ?? '').components.length === 1;
        // A program of one component has none to drop, and that alone is answered by a new start.
        if (!(operator === 'drop' && single)) expect(child.operator).toBe(operator);
        expect(compiled(name, child.source).components.length).toBeGreaterThan(0);
      }
    });
  },
);

describe('a parent with functions of its own', () => {
  const parent = `export const params = { time: 0.1, progress: 4, reach: 0.5 };
function square(x) { return x * x; }
function margin(state, env) { return square(state.cosTheta1) - params.reach; }
export function reward({ next, env, params }) {
  return { time: params.time * -1, progress: params.progress * margin(next, env) };
}
`;

  it('keeps them, under names that the grammar has not', async () => {
    const { source, operator } = await propose('acrobot', 'add', 3, [parent]);
    expect(operator).toBe('add');
    expect(source).toContain('function ownMargin(state, env) { return square(state.cosTheta1) - 0.5; }');
    expect(source).toContain('params.progress * ownMargin(next, env)');
    expect(compiled('acrobot', source).components).toHaveLength(3);
  });

  it('is answered by a new start where it holds what cannot be taken apart', async () => {
    const { operator } = await propose('acrobot', 'add', 3, [`const SCALE = 3;\n${parent}`]);
    expect(operator).toBe('initial');
  });
});

describe('a goal that is met by equality', () => {
  it('pays where it is met, and is no failure', async () => {
    const { definition, success } = environmentNamed('tree-search');
    expect(success).toContain('>=');
    for (let seed = 0; seed < 40; seed += 1) {
      const { source } = await propose('tree-search', 'initial', seed);
      expect(compile(source, definition).ok).toBe(true);
      expect(source).not.toContain('margin(next, env) > 0');
    }
  });
});
