import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSandbox, type Sandbox } from '@rewardsmith/sandbox';
import { quantile, round } from './spread.ts';
import { cartpole } from './workload.ts';

const nested = (outer: number, inner: number, body: string): string => `export function reward({ next }) {
  let value = next.poleAngle;
  for (let turn = 0; turn < ${outer}; turn += 1) {
    for (let step = 0; step < ${inner}; step += 1) { ${body} }
  }
  return { value };
}`;

/** Programs of few lines that come to tens of thousands of operations, near what the language admits. */
const large: readonly string[] = [
  nested(1, 4_000, 'value = value * (next.cartPosition + step);'),
  nested(7, 1_024, 'value = value * 0.5 + Math.sin(next.cartPosition * step + turn);'),
  nested(1, 4_000, 'value += tolerance(next.cartPosition, [step, step + 1], 2);'),
  nested(1, 500, 'if (next.cartPosition > step * 0.01) break; value += next.cartVelocity * step;'),
  nested(
    1,
    2_000,
    'if (next.cartPosition > step * 0.001) { value += next.cartVelocity * step; } else { value *= 0.5; }',
  ),
];
/** The same, just within what counts as small. */
const within: readonly string[] = [
  nested(1, 180, 'value = value * (next.cartPosition + step);'),
  nested(1, 95, 'value = value * 0.5 + Math.sin(next.cartPosition * step + turn);'),
  nested(1, 130, 'value += tolerance(next.cartPosition, [step, step + 1], 2);'),
];

/** Milliseconds until each program is compiled, and the longest that the service's own thread was held meanwhile. */
async function compiled(sandbox: Sandbox, sources: readonly string[]) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const milliseconds: number[] = [];
  delay.enable();
  for (const source of sources) {
    const from = performance.now();
    const outcome = await sandbox.compiler({ tenant: 'bench' }).compile({ source, environment: cartpole() });
    if (!outcome.ok) throw new Error(`a program of the benchmark is refused: ${outcome.findings[0]?.message}`);
    milliseconds.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  delay.disable();
  return { compiled: round(quantile(milliseconds, 1)), held: round(delay.max / 1e6) };
}

/** Largest programs: the longest compilation of each kind, and the longest that other requests had to wait for it, in milliseconds. */
export async function compiling() {
  const sandbox = await createSandbox({ runners: 1, spares: 0 });
  try {
    await compiled(sandbox, ['export function reward({ next }) { return { value: next.poleAngle }; }']);
    const small = await compiled(sandbox, within);
    const aside = await compiled(sandbox, large);
    const again = await compiled(sandbox, large);
    return { compileMilliseconds: { within: small, large: aside, largeAgain: again } };
  } finally {
    await sandbox.close();
  }
}
