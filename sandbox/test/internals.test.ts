import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

/** What a program that has Node's own loader of bindings finds there, in a process of its own, before and after they are closed. */
const script = `
import { BlockList } from 'node:net';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { closeInternals } from ${JSON.stringify(new URL('../src/runner/internals.ts', import.meta.url).href)};

const [clone] = Object.getOwnPropertySymbols(BlockList.prototype).filter(({ description }) => description === 'messaging_clone_symbol');
const copied = (deserializeInfo) => {
  const list = new BlockList();
  Object.defineProperty(list, clone, { value: () => ({ data: {}, deserializeInfo }) });
  return list;
};
const attempt = (work) => { try { return work(); } catch (error) { return error.message; } };
const throughPort = (value) => {
  const { port1, port2 } = new MessageChannel();
  try { port1.postMessage(value); receiveMessageOnPort(port2); } finally { port1.close(); }
};
let realm;
const reach = () => {
  Reflect.defineProperty(Object.prototype, 'grabbed', { configurable: true, get() { realm ??= this; } });
  attempt(() => structuredClone(copied('internal/bootstrap/realm:grabbed')));
  Reflect.deleteProperty(Object.prototype, 'grabbed');
  return realm?.internalBinding;
};
const bindings = reach();
const functions = (object) => Object.getOwnPropertyNames(object).filter((name) => typeof Object.getOwnPropertyDescriptor(object, name).value === 'function');
const { UDP } = bindings('udp_wrap');
const found = () => ({
  process: functions(bindings('process_methods')),
  os: functions(bindings('os')).length,
  credentials: functions(bindings('credentials')).length,
  names: functions(bindings('cares_wrap')).length,
  datagrams: functions(UDP.prototype).length,
  engine: functions(bindings('v8')).filter((name) => name.startsWith('set')),
});
const before = found();
closeInternals();
realm = undefined;
const after = found();
console.log(JSON.stringify({
  before,
  after,
  reached: typeof reach(),
  cloned: attempt(() => structuredClone(copied('internal/bootstrap/realm:BuiltinModule'))),
  throughPort: attempt(() => throughPort(copied('internal/bootstrap/realm:BuiltinModule'))),
  extensible: Object.isExtensible(Object.prototype),
  accessor: Reflect.defineProperty(Object.prototype, 'toString', { get() {} }),
}));
`;

describe("Node's own bindings", () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env: {} });
  const { before, after, ...rest } = JSON.parse(output);

  test('are reached through the copy of an object until they are closed', () => {
    expect(before.process).toEqual(expect.arrayContaining(['_kill', '_debugProcess', 'dlopen', 'umask']));
    expect(before.engine).toContain('setFlagsFromString');
    for (const some of ['os', 'credentials', 'names', 'datagrams']) expect(before[some]).toBeGreaterThan(3);
  });

  test('act on no process, no engine and no socket afterwards, and tell nothing of the machine', () => {
    const kept = ['cpuUsage', 'cwd', 'hrtime', 'hrtimeBigInt', 'reallyExit', 'resourceUsage'];
    expect(after.process.toSorted()).toEqual([...kept, 'threadCpuUsage', 'uptime']);
    expect(after).toMatchObject({ os: 0, credentials: 0, names: 0, datagrams: 0, engine: [] });
  });

  test('are not reached any more, by no copy and by no property that all objects inherit', () => {
    const refused = "objects of Node's own are not cloned here";
    expect(rest).toEqual({
      reached: 'undefined',
      cloned: refused,
      throughPort: refused,
      extensible: false,
      accessor: false,
    });
  });
});
