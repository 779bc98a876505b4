import { builtinModules, createRequire } from 'node:module';
import { limits } from '../limits.ts';
import { fill, receive, send } from './channel.ts';
import { grantedScopes, lockDown } from './lock-down.ts';

/**
 * A runner without its isolate, for tests alone: runs a program in its own realm, with `require` at hand, so that what
 * the process wall holds back can be seen by itself. The service never starts it.
 */
async function run(source: string): Promise<void> {
  try {
    // Indirect: the program sees the runner's globals and none of this module's names.
    // biome-ignore lint/security/noGlobalEval: arbitrary code is what this test entry is for.
    const evaluate = eval;
    await evaluate(source);
    const label: unknown = Reflect.get(globalThis, '$label');
    if (typeof label === 'function') await label();
    send({ type: 'done' });
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `thrown ${typeof error}`;
    send({ type: 'fault', kind: 'threw', message: message.slice(0, limits.errorLength) });
  }
}

const load = createRequire(import.meta.url);
// A runner that is ready loads none of Node's modules any more. This one has all of them already, but for those that would hand its own internals to a program.
if (process.permission !== undefined) {
  for (const name of builtinModules) {
    if (/^(node:test|(node:)?(repl|inspector)\b)/.test(name)) continue;
    try {
      load(name);
    } catch {
      // Switched off by the command that starts a runner.
    }
  }
}
Reflect.set(globalThis, 'require', load);
const filtered = process.permission !== undefined && (await lockDown());
send({ type: 'ready', granted: grantedScopes(), filtered });
for (;;) {
  const request = receive();
  if (request.type === 'record') fill(new Uint8Array(request.bytes));
  if (request.type === 'raw') await run(request.source);
  else send({ type: 'broken', message: 'this runner runs raw programs only' });
}
