import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { takeCollector } from '../src/collector.ts';

describe('the collector', () => {
  test('takes each buffer that a list has let go of, and no other', async () => {
    const collect = takeCollector();
    const made: WeakRef<SharedArrayBuffer>[] = [];
    let kept: readonly SharedArrayBuffer[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const buffer = new SharedArrayBuffer(2 ** 20);
      made.push(new WeakRef(buffer));
      kept = [buffer, ...kept.slice(0, 1)];
      // A WeakRef holds what it is asked for until the end of the turn.
      await setImmediate();
      collect();
      await setImmediate();
      const held = made.filter((each) => each.deref() !== undefined).length;
      expect(held).toBe(Math.min(turn + 1, 2));
    }
    expect(kept).toHaveLength(2);
  });
});
