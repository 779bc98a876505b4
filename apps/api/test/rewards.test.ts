import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { limits } from '../src/limits.ts';
import { problemOf, useService } from './service.ts';

const service = useService();
const environment = builtinEnvironments.get('cartpole')?.definition;
const good = 'export function reward({ next }) {\n  return { upright: Math.cos(next.poleAngle) };\n}';
const misspelt = good.replace('poleAngle', 'poleAngel');
const state = { cartPosition: 0, cartVelocity: 0, poleAngle: 0, poleAngularVelocity: 0 };
const row = { obs: state, action: 0, next: state, terminated: false, truncated: false };

describe('rewards on their own', () => {
  it('are checked, with the place of a fault and the nearest field', async () => {
    const accepted = JSON.parse((await service.post('/v1/rewards/check', { source: good, environment })).body);
    expect(accepted).toEqual({ ok: true, findings: [], components: ['upright'], params: {} });
    const refused = JSON.parse((await service.post('/v1/rewards/check', { source: misspelt, environment })).body);
    expect(refused).toMatchObject({ ok: false, findings: [{ code: 'unknown-field', line: 2 }] });
    expect(refused.findings[0].advice).toContain('poleAngle');
  });

  it('are exported, or refused with the place', async () => {
    const body = { source: good, environment, target: 'python' };
    expect(JSON.parse((await service.post('/v1/rewards/export', body)).body).code).toContain('def reward(');
    const { status, code, errors } = problemOf(await service.post('/v1/rewards/export', { ...body, source: misspelt }));
    expect({ status, code }).toEqual({ status: 422, code: 'reward-refused' });
    expect(errors?.[0]?.path).toMatch(/^source:2:/);
  });

  it('are checked beside others: a large program holds nobody up', async () => {
    const large = `export function reward({ next }) {
      let product = 1;
      for (let turn = 0; turn < 3_000; turn += 1) product = product * (next.poleAngle + turn);
      return { product };
    }`;
    const order: string[] = [];
    const first = service.post('/v1/rewards/check', { source: large, environment });
    const slow = first.then(() => order.push('large'));
    const quick = service.post('/v1/rewards/check', { source: good, environment }).then(() => order.push('small'));
    await Promise.all([slow, quick]);
    expect(order).toEqual(['small', 'large']);
    expect(JSON.parse((await first).body)).toMatchObject({ ok: true, components: ['product'] });
  });

  it('label rows in their order, and name what JSON has no number for', async () => {
    const source =
      'export function reward({ next }) {\n  return { angle: next.poleAngle, low: 1 / next.poleAngle };\n}';
    const rows = [row, { ...row, next: { ...state, poleAngle: 0.5 } }];
    const { labels } = JSON.parse((await service.post('/v1/rewards/label', { source, environment, rows })).body);
    expect(labels.angle).toEqual([0, 0.5]);
    expect(labels.low).toEqual(['Infinity', 2]);
    expect(labels.total).toEqual(['Infinity', 2.5]);
  });

  it('label the components that are named, and refuse one that is not there, or is named twice', async () => {
    const body = { source: good, environment, rows: [row] };
    const { labels } = JSON.parse((await service.post('/v1/rewards/label', { ...body, components: ['total'] })).body);
    expect(labels).toEqual({ total: [1] });
    const refused = problemOf(await service.post('/v1/rewards/label', { ...body, components: ['nothing'] }));
    expect(refused).toMatchObject({ status: 422, code: 'unknown-component' });
    const twice = problemOf(await service.post('/v1/rewards/label', { ...body, components: ['total', 'total'] }));
    expect(twice).toMatchObject({ status: 422, code: 'repeated-component' });
  });

  it('measure each episode', async () => {
    const source = 'export function reward({ next }) { return { angle: next.poleAngle, low: 1 / next.poleAngle }; }';
    const rows = [row, { ...row, next: { ...state, poleAngle: 0.5 }, terminated: true }, row];
    const answer = JSON.parse((await service.post('/v1/rewards/measure', { source, environment, rows })).body);
    expect(answer.episodes).toBe(2);
    expect(answer.components.angle).toMatchObject({ sum: [0.5, 0], mean: [0.25, 0], max: [0.5, 0], nonFinite: [0, 0] });
    expect(answer.components.low).toMatchObject({ sum: [2, 0], mean: [2, 'NaN'], nonFinite: [1, 1] });
  });

  const counted = Array.from({ length: 7 }, (_, at) => `c${at}`);

  it.each([
    ['label', {}, 8],
    ['label', { components: ['total', ...counted] }, 8],
    ['measure', {}, 6 * 8],
  ])('refuse to %s more numbers than an answer may have, and give as many as that (%o)', async (call, extra, each) => {
    const names = counted.map((name, at) => `${name}: next.x + ${at}`);
    const source = `export function reward({ next }) { return { ${names.join(', ')} }; }`;
    const pin = {
      name: 'pin',
      observation: [{ name: 'x', shape: [], unit: '1' }],
      action: { kind: 'discrete', n: 2 },
      maxEpisodeSteps: 10,
    };
    const end = { obs: { x: 0 }, action: 0, next: { x: 0 }, terminated: true, truncated: false };
    const answer = (count: number) =>
      service.post(`/v1/rewards/${call}`, { source, environment: pin, rows: Array(count).fill(end), ...extra });
    const most = Math.floor(limits.answerNumbers / each);
    expect(problemOf(await answer(most + 1))).toMatchObject({ status: 422, code: 'answer-too-large' });
    expect((await answer(most)).status).toBe(200);
  });

  it('refuse rows that are not of the environment, each fault at its row', async () => {
    const rows = [row, { ...row, action: 9 }, { ...row, next: {} }];
    const { status, code, errors } = problemOf(
      await service.post('/v1/rewards/label', { source: good, environment, rows }),
    );
    expect({ status, code }).toEqual({ status: 422, code: 'invalid-rows' });
    expect(new Set(errors?.map(({ path }) => path.split('.').slice(0, 2).join('.')))).toEqual(
      new Set(['rows.1', 'rows.2']),
    );
  });

  it('refuse rows that are none at the first, and a body of more entries than are looked at', async () => {
    const label = (body: object) => service.post('/v1/rewards/label', { source: good, environment, ...body });
    const { status, code, errors } = problemOf(await label({ rows: [row, ...Array(500_000).fill(1)] }));
    expect({ status, code }).toEqual({ status: 422, code: 'invalid-body' });
    expect(errors?.map(({ path }) => path)).toEqual(['rows.1']);
    const many = Array(500_000).fill(1);
    const wide = { ...row, obs: { ...state, more: many } };
    expect(problemOf(await label({ rows: [wide] })).errors?.map(({ path }) => path)).toEqual(['rows.0']);
    const refused = problemOf(await label({ rows: [row], components: many }));
    expect(refused).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('refuse a body that is none', async () => {
    const { errors } = problemOf(await service.post('/v1/rewards/check', { source: '', environment: 'cartpole' }));
    expect(errors?.map(({ path }) => path).sort()).toEqual(['environment', 'source']);
  });
});

describe('descriptions', () => {
  it('list the built-in environments', async () => {
    const { items } = JSON.parse((await service.call('/v1/environments')).body);
    expect(items.map(({ definition }: { definition: { name: string } }) => definition.name)).toEqual([
      ...builtinEnvironments.keys(),
    ]);
  });

  it('say that the service and all it rests on answer', async () => {
    expect(JSON.parse((await service.call('/healthz')).body)).toEqual({ status: 'ok' });
    expect(JSON.parse((await service.call('/readyz')).body)).toEqual({ database: true, queue: true, sandbox: true });
  });
});
