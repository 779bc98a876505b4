import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { needless } from '../src/runner/internals.ts';

const module = new URL('../src/runner/internals.ts', import.meta.url).href;

/** A program that reaches for Node's own loader of bindings as one in a runner's realm would. */
const hostile = `
import { BlockList } from 'node:net';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { closeInternals } from ${JSON.stringify(module)};

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
  realm = undefined;
  Reflect.defineProperty(Object.prototype, 'grabbed', { configurable: true, get() { realm ??= this; } });
  attempt(() => structuredClone(copied('internal/bootstrap/realm:grabbed')));
  Reflect.deleteProperty(Object.prototype, 'grabbed');
  return realm?.internalBinding;
};
const functions = (object) =>
  Object.getOwnPropertyNames(object).filter((name) => typeof Object.getOwnPropertyDescriptor(object, name).value === 'function');
const bindings = reach();
const { BuiltinModule } = realm;
const loader = realm;
const transferable = BuiltinModule.map.get('internal/worker/js_transferable').exports;
`;

/** What it prints, as JSON, in a process that begins as a runner does. */
function told(program: string) {
  const given = ['--no-node-snapshot', '--input-type=module', '-e', `${hostile}${program}`];
  return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8', env: {} }));
}

describe("Node's own bindings", () => {
  let before: Record<string, string[]>;
  let after: Record<string, string[]>;
  let rest: unknown;

  beforeAll(() => {
    ({ before, after, ...rest } = told(`
      const { UDP } = bindings('udp_wrap');
      const found = () => ({
        ...Object.fromEntries(${JSON.stringify(needless)}.map((name) => [name, functions(bindings(name))])),
        process: functions(bindings('process_methods')),
        datagrams: functions(UDP.prototype),
        engine: functions(bindings('v8')).filter((name) => name.startsWith('set')),
        certificates: functions(bindings('crypto')).filter((name) => /^get.*Certificates$/.test(name)),
      });
      const before = found();
      const closed = closeInternals();
      const after = found();
      const cloned = attempt(() => structuredClone(copied('internal/bootstrap/realm:BuiltinModule')));
      const received = attempt(() => throughPort(copied('internal/bootstrap/realm:BuiltinModule')));
      const extended = [Object, Array, Map, Function].map(({ prototype }) => Reflect.defineProperty(prototype, 'own', { set() {} }));
      const written = [Map, Promise].map((each) => Reflect.set(each, 'own', 1));
      const constructed = [Array, Promise].map(({ prototype }) => Reflect.set(prototype, 'constructor', Map));
      const speciesOf = [Array, Promise].map((each) => Reflect.defineProperty(each, Symbol.species, { get() {} }));
      const accessor = Reflect.defineProperty(Object.prototype, 'toString', { get() {} });
      const stepped = [[], new Map(), new Set(), 'a'].map((each) => Reflect.set(Object.getPrototypeOf(each[Symbol.iterator]()), 'next', () => {}));
      const loaded = await import('node:repl').then(() => true, () => false);
      const exposed = [...Object.keys(loader), ...Object.keys(transferable).filter((name) => name === 'setup')];
      const further = attempt(() => BuiltinModule.map.get('internal/test/binding').compileForInternalLoader());
      const ways = { reached: typeof reach(), cloned, received, extended, written, constructed, speciesOf, accessor, stepped, loaded, exposed, further };
      console.log(JSON.stringify({ before, after, closed, ways }));`));
  });

  test.each([...needless, 'datagrams', 'engine', 'certificates'])(
    'have functions of %s until they are closed',
    (name) => {
      expect(before[name]?.length).toBeGreaterThan(0);
      expect(after[name]).toEqual([]);
    },
  );

  test('act on no process afterwards', () => {
    expect(before['process']).toEqual(expect.arrayContaining(['_kill', '_debugProcess', 'dlopen', 'umask']));
    const kept = ['cpuUsage', 'cwd', 'hrtime', 'hrtimeBigInt', 'reallyExit', 'resourceUsage'];
    expect(after['process']?.toSorted()).toEqual([...kept, 'threadCpuUsage', 'uptime']);
  });

  test('are not reached any more: by no copy, no inherited property, no iterator and no module', () => {
    const refused = "objects of Node's own are not cloned here";
    expect(rest).toEqual({
      closed: true,
      ways: {
        reached: 'undefined',
        cloned: refused,
        received: refused,
        extended: [false, false, false, false],
        written: [false, false],
        constructed: [false, false],
        speciesOf: [false, false],
        accessor: false,
        stepped: [false, false, false, false],
        loaded: false,
        exposed: [],
        further: "a runner that is ready loads no more of Node's own modules: internal/test/binding",
      },
    });
  });
});

test.each([
  ['are still reached after all', "bindings('messaging').setDeserializerCreateObjectFunction = undefined;"],
  ['are where nobody looks', 'delete BlockList.prototype[clone];'],
])('a Node whose bindings %s is told of', (_, change) => {
  expect(told(`${change}; console.log(JSON.stringify(closeInternals()));`)).toBe(false);
});
