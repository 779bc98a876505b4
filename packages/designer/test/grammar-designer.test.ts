import type { Operator } from '@rewardsmith/contracts';
import { type BuiltinEnvironment, builtinEnvironments } from '@rewardsmith/environments';
import { compile, type RewardProgram } from '@rewardsmith/language';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGrammarDesigner } from '../src/index.ts';
import { requestOn } from './request.ts';

const designer = createGrammarDesigner();
const environments = [...builtinEnvironments.values()];
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

function environmentNamed(name: string): BuiltinEnvironment {
  const found = builtinEnvironments.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function compiled(source: string, environment: BuiltinEnvironment): RewardProgram {
  const compilation = compile(source, environment.definition);
  if (!compilation.ok) throw new Error(`${compilation.findings[0]?.message} in\n${source}`);
  return compilation.program;
}

async function proposed(
  environment: BuiltinEnvironment,
  operator: Operator,
  seed: number,
  sources: readonly string[] = [],
): Promise<RewardProgram> {
  const { definition, success, fitness } = environment;
  const { source, thought } = await designer.propose({
    environment: definition,
    success,
    fitness,
    description: definition.description,
    operator,
    parents: sources.map((text, index) => ({ id: `p${index}`, source: text, fitness: 0, findings: [] })),
    seed,
    generation: 0,
    index: 0,
    forms: {},
    reflection: 'taxonomy',
    flat: false,
  });
  expect(thought).not.toBe('');
  return compiled(source, environment);
}

describe.each(environments.map((environment) => [environment.definition.name, environment] as const))(
  'the grammar designer on %s',
  (_, environment) => {
    test('starts with programs of the language, the same for the same seed', async () => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const first = await proposed(environment, 'initial', seed);
          const again = await proposed(environment, 'initial', seed);
          expect(again.source).toBe(first.source);
          expect(first.components.length).toBeGreaterThanOrEqual(2);
        }),
        { numRuns: 40 },
      );
    });

    test('varies and crosses programs within the language', async () => {
      const operators = fc.constantFrom<Operator>('add', 'drop', 'rescale', 'swap', 'crossover');
      await fc.assert(
        fc.asyncProperty(seeds, seeds, operators, seeds, async (first, second, operator, seed) => {
          const parents = [
            await proposed(environment, 'initial', first),
            await proposed(environment, 'initial', second),
          ].map(({ source }) => source);
          const child = await proposed(environment, operator, seed, parents);
          expect(child.components.length).toBeGreaterThanOrEqual(1);
        }),
        { numRuns: 60 },
      );
    });
  },
);

test('one component leaves nothing to drop or rescale: it gets another, and is not thrown away', async () => {
  const environment = environmentNamed('pendulum');
  const source =
    'export const params = { time: 0.1 };\nexport function reward({ params }) {\n  return { time: params.time * -1 };\n}\n';
  for (const operator of ['drop', 'rescale'] as const) {
    const parents = [{ id: 'only', source, fitness: 0, findings: [] }];
    const done = await designer.propose(requestOn(environment, { seed: 77, operator, parents, generation: 1 }));
    expect(done).toMatchObject({ operator: 'add', parents: ['only'] });
    expect(compiled(done.source, environment).components).toContain('time');
    expect(compiled(done.source, environment).components).toHaveLength(2);
  }
});

const acrobot = environmentNamed('acrobot');
const parent = `export const params = { time: 0.1, progress: 4, high: 2 };
function margin(state, env) { return -state.cosTheta1 - env.goalHeight; }
export function reward({ obs, next, env, params }) {
  return {
    time: params.time * -1,
    progress: params.progress * (margin(next, env) - margin(obs, env)),
    high: params.high * -next.cosTheta1,
  };
}
`;

describe('the operators', () => {
  const componentsAfter = async (operator: Operator, seed: number) =>
    (await proposed(acrobot, operator, seed, [parent])).components;

  test('add keeps every component and brings one more', async () => {
    const components = await componentsAfter('add', 5);
    expect(components.slice(0, 3)).toEqual(['time', 'progress', 'high']);
    expect(components).toHaveLength(4);
  });

  test('drop takes one component away', async () => {
    const components = await componentsAfter('drop', 5);
    expect(components).toHaveLength(2);
    expect(['time', 'progress', 'high']).toEqual(expect.arrayContaining([...components]));
  });

  test('rescale changes one weight and nothing else', async () => {
    const { params, components } = await proposed(acrobot, 'rescale', 5, [parent]);
    const before = compiled(parent, acrobot).params;
    expect(components).toEqual(['time', 'progress', 'high']);
    expect([...params].filter(([name, value]) => before.get(name) !== value)).toHaveLength(1);
  });

  test('swap puts one component in the place of another', async () => {
    const components = await componentsAfter('swap', 5);
    expect(components).toHaveLength(3);
    expect(components.filter((name) => ['time', 'progress', 'high'].includes(name))).toHaveLength(2);
  });

  test('crossover inherits components of the two parents only', async () => {
    const other = `export const params = { slow: 1 };
export function reward({ next, params }) { return { slow: params.slow * -Math.abs(next.angularVelocity1) }; }`;
    const { components } = await proposed(acrobot, 'crossover', 5, [parent, other]);
    expect(['time', 'progress', 'high', 'slow']).toEqual(expect.arrayContaining([...components]));
  });

  test('a parent of another form is answered by a new start', async () => {
    const loop = `export function reward({ next }) { let sum = 0; for (let i = 0; i < 3; i++) sum += next.cosTheta1; return { sum }; }`;
    const { components } = await proposed(acrobot, 'rescale', 5, [loop]);
    expect(components).not.toContain('sum');
  });
});

describe('the terms of a success condition', () => {
  const everyTerm = async (environment: BuiltinEnvironment): Promise<readonly string[]> => {
    const names = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      for (const name of (await proposed(environment, 'initial', seed)).components) names.add(name);
    }
    return [...names];
  };

  test('a threshold gives a distance, progress towards it and the goal itself', async () => {
    expect(await everyTerm(acrobot)).toEqual(expect.arrayContaining(['goal', 'progress', 'nearness', 'shortfall']));
  });

  test('two conditions that must both hold give terms for each', async () => {
    const names = await everyTerm(environmentNamed('pendulum'));
    expect(names).toEqual(expect.arrayContaining(['goal', 'progress1', 'progress2', 'nearness1', 'nearness2']));
  });

  test('a count above nothing is the goal and no distance, so that new ground and what is named like it lead there', async () => {
    const names = await everyTerm(environmentNamed('lava-diamond'));
    expect(names).toEqual(expect.arrayContaining(['goal', 'raiseCellsVisited', 'lowerDiamondDistance', 'avoidInLava']));
    for (const absent of ['progress', 'nearness', 'shortfall', 'raiseDiamonds']) expect(names).not.toContain(absent);
  });
});
