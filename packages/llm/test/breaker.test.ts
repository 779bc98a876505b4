import { describe, expect, it } from 'vitest';
import { outcomeName } from '../src/index.ts';
import { limits } from '../src/limits.ts';
import { asking, good } from './support/asking.ts';

describe('the breaker', () => {
  it('opens after many failures in a row, refuses without asking, and lets one call through later', async () => {
    let failing = true;
    const open = await asking({
      script: () => (failing ? { kind: 'status', status: 500 } : { kind: 'text', text: good }),
    });
    // Calls count, not their tries: those of one call say the same thing.
    for (let call = 0; call < limits.breakerFailures; call += 1) {
      expect(open.endpoint.breakerOpen).toBe(false);
      await open.ask();
    }
    const asked = open.server.account.requests;
    expect(asked).toBe(limits.breakerFailures * limits.tries);
    expect((await open.ask()).outcome).toMatchObject({ reason: 'breaker-open' });
    expect(open.server.account.requests).toBe(asked);
    failing = false;
    open.advance(limits.breakerOpenMilliseconds);
    expect((await open.ask()).value).toEqual({ verdict: 'good' });
    expect(open.endpoint.breakerOpen).toBe(false);
  });

  it('lets calls that come together wait for the one that it lets through', async () => {
    let failing = true;
    const open = await asking({
      script: () => (failing ? { kind: 'status', status: 500 } : { kind: 'text', text: good }),
    });
    const { ask, server, advance, endpoint } = open;
    const together = () => Promise.all([1, 2, 3].map(() => ask()));
    for (let call = 0; call < limits.breakerFailures; call += 1) await ask();
    const asked = server.account.requests;
    advance(limits.breakerOpenMilliseconds);
    const failed = (await together()).map(({ outcome }) => outcomeName(outcome));
    expect(failed.toSorted()).toEqual(['breaker-open', 'breaker-open', 'server-error']);
    expect(server.account.requests).toBe(asked + limits.tries);
    failing = false;
    advance(limits.breakerOpenMilliseconds);
    expect((await together()).map(({ value }) => value)).toEqual([1, 2, 3].map(() => ({ verdict: 'good' })));
    expect(endpoint.breakerOpen).toBe(false);
  });

  it('stays closed when the provider only asks to slow down', async () => {
    const open = await asking({ script: { rules: [{ answers: [{ kind: 'status', status: 429 }] }] } });
    for (let call = 0; call < 4; call += 1) await open.ask();
    expect(open.endpoint.breakerOpen).toBe(false);
  });
});
