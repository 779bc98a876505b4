import { atom, beside, called, elementwise, isNumber, levels, type Value } from './value.ts';

/** A call of a function that Python or one of its libraries brings, its arguments translated. */
export interface Call {
  /** Where it is imported from, `numpy` or `numpy.linalg` as an example; empty for what Python has built in. */
  readonly module: string;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Marks a function of Python's that has to be written out. */
  readonly need: (name: string) => void;
}

/** Nothing where the function is not known with such arguments. */
type Translation = (call: Call) => Value | undefined;

const all = (names: string, translation: Translation): readonly (readonly [string, Translation])[] =>
  names.split(' ').map((name) => [name, translation] as const);

/** A function of a fixed number of numbers, over the entries of vectors where it gets any. */
function over(count: number, made: (...args: readonly Value[]) => Value): Translation {
  return ({ args, keywords }) => (args.length === count && keywords.size === 0 ? elementwise(args, made) : undefined);
}

const texts = (values: readonly Value[]): string => values.map(({ text }) => text).join(', ');
const math = (name: string, count = 1): Translation =>
  over(count, (...values) => called(`Math.${name}(${texts(values)})`));
const predicate = (name: string): Translation => over(1, (...values) => called(`${name}(${texts(values)})`, 'boolean'));

const infix =
  (sign: string, level: number, kind: Value['kind'] = 'number', before = level) =>
  (...values: readonly Value[]): Value => ({
    text: values.map((value, place) => beside(place === 0 ? before : level + 1, value)).join(` ${sign} `),
    kind,
    level,
  });
const product = infix('*', levels.product);
const power = infix('**', levels.power, 'number', levels.member);

/** One of Python's functions that differ from JavaScript's. */
const own =
  (name: string, count: number): Translation =>
  (call) => {
    call.need(name);
    return over(count, (...values) => called(`${name}(${texts(values)})`))(call);
  };

/** A number from a flag. */
export const asNumber = (x: Value): Value => (x.kind === 'boolean' ? called(`Number(${x.text})`) : x);

/** Whether a value counts as true, where JavaScript's operators would give the value itself. */
const asFlag = (x: Value): Value => (x.kind === 'boolean' ? x : called(`Boolean(${x.text})`, 'boolean'));

const isArray = ({ kind }: Value): boolean => kind === 'vector' || kind === 'list' || kind === 'unknown';
const member = (v: Value, name: string): string => `${beside(levels.member, v)}.${name}`;

/** A function of one vector, or list; an axis may be said as long as it is the only one, and a norm's order where it is the usual. */
const reduction =
  (made: (v: Value) => string, kind: Value['kind'] = 'number', second = /^(?:-1|0|null)$/): Translation =>
  ({ args: [v, option, ...more], keywords }) => {
    const plain = [...keywords].every(([name, { text }]) =>
      /^(?:axis|dim)$/.test(name) ? /^(?:-1|0|null)$/.test(text) : /^(?:ord|p)$/.test(name) && text === '2',
    );
    if (v === undefined || !isArray(v) || more.length > 0 || !plain) return undefined;
    return option === undefined || second.test(option.text) ? called(made(v), kind) : undefined;
  };

/** Greatest or least: of several numbers, or of one vector's entries. NumPy's second argument would be an axis. */
const extreme = (name: string): Translation => {
  return function extremeOf(call) {
    const { args, keywords, module } = call;
    if (args.length === 1) return reduction(({ text }) => `Math.${name}(...${text})`)(call);
    if (keywords.size > 0 || args.length === 0 || module === 'numpy') return undefined;
    if (module === 'torch') return math(name, 2)(call);
    return args.every((each) => isNumber(each) || each.kind === 'unknown')
      ? called(`Math.${name}(${texts(args)})`)
      : undefined;
  };
};

const clip: Translation = ({ args: [x, ...bounds], keywords }) => {
  const bound = (place: number, ...names: readonly string[]) => {
    const given = bounds[place] ?? names.flatMap((name) => keywords.get(name) ?? [])[0];
    return given?.kind === 'nothing' ? undefined : given;
  };
  const [low, high] = [bound(0, 'a_min', 'min'), bound(1, 'a_max', 'max')];
  const given = [low, high].flatMap((each) => each ?? []);
  if (x === undefined || bounds.length + keywords.size > 2 || given.length === 0) return undefined;
  const name = given.length === 2 ? 'clamp' : low === undefined ? 'Math.min' : 'Math.max';
  return elementwise([x, ...given], (...values) => called(`${name}(${texts(values)})`));
};

const log: Translation = (call) => {
  if (call.args.length < 2) return math('log')(call);
  const logs = call.args.map(({ text }) => called(`Math.log(${text})`));
  return call.module === 'math' ? infix('/', levels.product)(...logs) : undefined;
};

const float: Translation = (call) => {
  const [, sign = '', infinite] = /^'([+-]?)(inf(?:inity)?)'$/.exec(call.args[0]?.text ?? '') ?? [];
  if (infinite !== undefined) return atom(sign === '-' ? '-Infinity' : 'Infinity');
  return over(1, (x = atom('0')) => (x.kind === 'unknown' ? called(`Number(${x.text})`) : asNumber(x)))(call);
};

const where: Translation = ({ args }) => {
  const [test, met, otherwise] = args;
  if (test === undefined || met === undefined || otherwise === undefined || args.some(({ kind }) => kind === 'vector'))
    return undefined;
  const text = `${beside(levels.or, test)} ? ${beside(levels.choice, met)} : ${beside(levels.choice, otherwise)}`;
  return { text, kind: 'number', level: levels.choice };
};

/** An array of NumPy's, or a list of Python's, from the other. */
const made =
  (kind: 'vector' | 'list'): Translation =>
  ({ args: [v, ...more], keywords }) =>
    v === undefined || more.length > 0 || [...keywords.keys()].some((name) => name !== 'dtype')
      ? undefined
      : isArray(v)
        ? { ...v, kind }
        : kind === 'vector' && isNumber(v)
          ? v
          : undefined;

const functions: ReadonlyMap<string, Translation> = new Map([
  ...'exp expm1 log2 log10 log1p sin cos tan sinh cosh tanh sqrt cbrt abs floor ceil trunc sign asin acos atan asinh acosh atanh'
    .split(' ')
    .map((name) => [name, math(name)] as const),
  ...'sin cos tan sinh cosh tanh'.split(' ').map((name) => [`arc${name}`, math(`a${name}`)] as const),
  ...all('fabs absolute', math('abs')),
  ...all('maximum', math('max', 2)),
  ...all('minimum', math('min', 2)),
  ...all('arctan2 atan2', math('atan2', 2)),
  ...all('hypot', math('hypot', 2)),
  ...all('log', log),
  ...all(
    'square',
    over(1, (x = atom('0')) => power(x, atom('2'))),
  ),
  ...all(
    'radians deg2rad',
    over(1, (x = atom('0')) => product(x, { ...atom('Math.PI / 180'), level: levels.product })),
  ),
  ...all(
    'degrees rad2deg',
    over(1, (x = atom('0')) => product(x, { ...atom('180 / Math.PI'), level: levels.product })),
  ),
  ...all('pow power', over(2, power)),
  ...all('fmod', over(2, infix('%', levels.product))),
  ...all('mod remainder', (call) => (call.module === 'math' ? undefined : own('modulo', 2)(call))),
  ...all('round rint around', own('roundEven', 1)),
  ...all(
    'int',
    over(1, (x = atom('0')) => (x.kind === 'boolean' ? asNumber(x) : called(`Math.trunc(${x.text})`))),
  ),
  ...all('float float64', float),
  ...all('bool', predicate('Boolean')),
  ...all('isfinite', predicate('Number.isFinite')),
  ...all('isnan', predicate('Number.isNaN')),
  ...all(
    'logical_and',
    over(2, (...values) => infix('&&', levels.and, 'boolean')(...values.map(asFlag))),
  ),
  ...all(
    'logical_or',
    over(2, (...values) => infix('||', levels.or, 'boolean')(...values.map(asFlag))),
  ),
  ...all(
    'logical_not',
    over(1, (x = atom('0')) => ({ text: `!${beside(levels.signed, x)}`, kind: 'boolean', level: levels.unary })),
  ),
  ...all(
    'zeros_like',
    over(1, () => atom('0')),
  ),
  ...all(
    'ones_like',
    over(1, () => atom('1')),
  ),
  ...all('max amax', extreme('max')),
  ...all('min amin', extreme('min')),
  ...all('sum', (call) => {
    // Python's own begins with its second argument; for NumPy and PyTorch that is an axis.
    const second = call.module === '' ? /^0$/ : undefined;
    return reduction(({ text }) => `sum(${text})`, 'number', second)(call);
  }),
  ...all(
    'mean',
    reduction(({ text }) => `mean(${text})`),
  ),
  ...all(
    'norm',
    reduction(({ text }) => `norm(${text})`, 'number', /^2$/),
  ),
  ...all(
    'any',
    reduction((v) => `${member(v, 'some')}((entry) => entry)`, 'boolean'),
  ),
  ...all(
    'all',
    reduction((v) => `${member(v, 'every')}((entry) => entry)`, 'boolean'),
  ),
  ...all(
    'len',
    reduction((v) => member(v, 'length'), 'natural', /^$/),
  ),
  ...all('dot', ({ args }) => (args.length === 2 && args.every(isArray) ? called(`dot(${texts(args)})`) : undefined)),
  ...all('dist', ({ args }) => (args.length === 2 ? called(`distance(${texts(args)})`) : undefined)),
  ...all('cross', ({ args }) => (args.length === 2 ? called(`cross(${texts(args)})`, 'vector', 3) : undefined)),
  ...all('clip clamp', clip),
  ...all('where', where),
  ...all('array asarray tensor stack', made('vector')),
  ...all('list tuple', made('list')),
  ...all('dict', ({ args, keywords }) => {
    const entries = [...keywords].map(([name, { text }]) => (name === text ? name : `${name}: ${text}`));
    return args.length > 0 ? undefined : atom(`{ ${entries.join(', ')} }`, 'record');
  }),
]);

const builtin = /^(?:abs|max|min|sum|len|round|int|float|bool|any|all|pow|list|tuple|dict)$/;
const methods = /^(?:sum|mean|max|min|any|all|dot|clip|clamp|abs|norm|square|exp|sqrt|pow|round)$/;

/** Translates a call of a function of Python's, NumPy's, PyTorch's or `math`; nothing for one that is not known. */
export function callLibrary(name: string, call: Call): Value | undefined {
  if (call.module === '') return builtin.test(name) ? functions.get(name)?.(call) : undefined;
  const [, module, inner] = /^(math|numpy|torch)(\.linalg)?$/.exec(call.module) ?? [];
  if (module === undefined || (inner !== undefined && !/^(?:norm|cross)$/.test(name))) return undefined;
  return functions.get(name)?.({ ...call, module });
}

/** Translates a call of a method, its owner being the first argument. */
export function callMethod(name: string, call: Call): Value | undefined {
  const [v, ...more] = call.args;
  if (v !== undefined && more.length === 0) {
    // Entries of records alone are assigned; of what is not known to be none, a copy could not be told from the thing itself.
    if (name === 'copy' && v.kind === 'record') return atom(`{ ...${v.text} }`, 'record');
    if (name === 'copy' && v.kind === 'unknown') return undefined;
    if (/^(?:copy|item|detach|clone)$/.test(name)) return v;
    if (name === 'float') return asNumber(v);
    if (name === 'values' && v.kind === 'record') return called(`Object.values(${v.text})`, 'list');
  }
  return methods.test(name) ? functions.get(name)?.({ ...call, module: 'torch' }) : undefined;
}

export const constants: ReadonlyMap<string, Value> = new Map([
  ['pi', atom('Math.PI')],
  ['e', atom('Math.E')],
  ['tau', { ...atom('2 * Math.PI'), level: levels.product }],
  ['inf', atom('Infinity')],
  ['nan', atom('NaN')],
]);
