import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { problemOf, smallTask, useService } from './service.ts';

const service = useService();
const faultsOf = (errors: readonly { path: string; code: string }[] = []) =>
  errors.map(({ path, code }) => `${path} ${code}`).sort();

describe('a wrong task', () => {
  it('gets one 422 that lists every fault with its path, unknown names beside wrong shapes', async () => {
    const answer = await service.post('/v1/tasks', {
      environment: 'nowhere',
      colour: 1,
      evaluator: { kind: 'guess' },
      search: { generations: 0, population: 'many', zork: 1 },
      budget: { environmentSteps: -1, coins: 1 },
    });
    const { status, code, errors, detail } = problemOf(answer);
    expect({ status, code, detail }).toEqual({ status: 422, code: 'invalid-task', detail: '8 faults in the task.' });
    expect(faultsOf(errors)).toEqual([
      'budget.coins unknown-field',
      'budget.environmentSteps too-small',
      'colour unknown-field',
      'environment unknown-environment',
      'evaluator.kind invalid-union',
      'search.generations too-small',
      'search.population invalid-type',
      'search.zork unknown-field',
    ]);
    const unknown = errors?.find(({ code }) => code === 'unknown-environment');
    expect(unknown?.advice).toContain([...builtinEnvironments.keys()].join(', '));
  });

  it('is told the line and column of a fitness that does not compile, and the nearest field', async () => {
    const source = 'export function success({ next }) {\n  return next.poleAngel > 0;\n}';
    const answer = await service.post('/v1/tasks', { ...smallTask, fitness: { source, weight: 1 } });
    const { errors } = problemOf(answer);
    expect(faultsOf(errors)).toEqual(['fitness.source:2:15 unknown-field', 'fitness.weight unknown-field']);
    expect(errors?.find(({ path }) => path.startsWith('fitness.source'))?.advice).toContain('poleAngle');
  });

  it.each([
    ['text over its length', { name: 'n'.repeat(65), description: 'd'.repeat(20_001) }, ['description', 'name']],
    ['text with U+0000', { description: 'a\0b' }, ['description']],
    ['text with half a surrogate pair', { description: 'a\ud800b' }, ['description']],
    [
      'a training budget out of range',
      { evaluator: { kind: 'simulation', training: { seeds: 99 } } },
      ['evaluator.training.seeds'],
    ],
    ['no environment', { environment: undefined }, ['environment']],
  ])('with %s is refused where it is wrong', async (_, change, paths) => {
    const { status, errors } = problemOf(await service.post('/v1/tasks', { ...smallTask, ...change }));
    expect(status).toBe(422);
    expect(errors?.map(({ path }) => path).sort()).toEqual(paths);
  });

  it.each(['[]', '"cartpole"', 'null', '7'])('that is %s is refused as a whole', async (body) => {
    expect(problemOf(await service.post('/v1/tasks', body))).toMatchObject({ status: 422, code: 'invalid-task' });
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['malformed JSON', '{"environment":', 'application/json', 400, 'malformed-json'],
    ['an empty body', '', 'application/json', 400, 'malformed-json'],
    ['a body over the limit', `"${'x'.repeat(8 * 1024 * 1024)}"`, 'application/json', 413, 'body-too-large'],
    ['plain text', '{"environment":"cartpole"}', 'text/plain', 415, 'unsupported-media-type'],
    ['a form', 'environment=cartpole', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
  ])('%s is a problem with its own code', async (_, body, type, status, code) => {
    const answer = await service.post('/v1/tasks', body, { 'content-type': type });
    expect(problemOf(answer)).toMatchObject({ status, code });
  });

  it.each([
    ['/v1/nothing', 404, 'no-such-route'],
    ['/v1/tasks/none', 404, 'not-found'],
    ['/v1/tasks/none/events', 404, 'not-found'],
    ['/v1/tasks/none/reward', 404, 'not-found'],
    ['/v1/tasks/none/candidates', 404, 'not-found'],
    ['/v1/candidates/none', 404, 'not-found'],
    ['/v1/tasks/%zz', 400, 'bad-url'],
    ['/v1/tasks/%00', 400, 'invalid-path'],
    [`/v1/tasks/${'a'.repeat(65)}`, 400, 'invalid-path'],
    [`/v1/tasks/${'a'.repeat(200)}`, 414, 'path-too-long'],
    ['/v1/tasks?limit=0', 400, 'invalid-query'],
    ['/v1/tasks?limit=201', 400, 'invalid-query'],
    ['/v1/tasks?limit=few', 400, 'invalid-query'],
    ['/v1/tasks?limti=3', 400, 'invalid-query'],
    ['/v1/tasks?after=%00', 400, 'invalid-query'],
    ['/v1/tasks/none/candidates?after=first', 400, 'invalid-query'],
    ['/v1/tasks/none/reward?target=cobol', 400, 'invalid-query'],
  ])('GET %s answers %i %s', async (path, status, code) => {
    expect(problemOf(await service.call(path))).toMatchObject({ status, code });
  });

  it.each(['-1', '1.5', 'abc', '2147483648'])('Last-Event-ID %s is refused', async (id) => {
    const answer = await service.call('/v1/tasks/none/events', { headers: { 'last-event-id': id } });
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid-headers' });
  });

  it.each(['', 'k'.repeat(256)])('an idempotency key of a wrong length is refused', async (key) => {
    const answer = await service.post('/v1/tasks', smallTask, { 'idempotency-key': key });
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid-headers' });
  });

  it('a wrong method is told the right ones', async () => {
    const answer = await service.call('/v1/tasks', { method: 'DELETE' });
    expect(problemOf(answer)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it('carries the request id that the answer names', async () => {
    for (const path of ['/v1/tasks/none', '/v1/tasks/%zz', '/v1/nothing']) {
      const answer = await service.call(path);
      expect(problemOf(answer).instance).toBe(answer.headers.get('x-request-id'));
    }
  });
});
