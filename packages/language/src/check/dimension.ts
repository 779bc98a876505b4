/** Powers of base units: m/s is { m: 1, s: -1 }. */
export type Dimension = ReadonlyMap<string, number>;

const bases: ReadonlySet<string> = new Set([
  'm',
  's',
  'kg',
  'rad',
  'deg',
  'N',
  'J',
  'W',
  'V',
  'A',
  'K',
  'Pa',
  'Hz',
  'step',
]);
const derived: Readonly<Record<string, string>> = {
  N: 'kg m s^-2',
  J: 'kg m^2 s^-2',
  W: 'kg m^2 s^-3',
  Pa: 'kg m^-1 s^-2',
  Hz: 's^-1',
};
const spellings: Readonly<Record<string, string>> = {
  metre: 'm',
  metres: 'm',
  meter: 'm',
  meters: 'm',
  second: 's',
  seconds: 's',
  sec: 's',
  radian: 'rad',
  radians: 'rad',
  degree: 'deg',
  degrees: 'deg',
  newton: 'N',
  newtons: 'N',
  Nm: 'N m',
  steps: 'step',
};

/**
 * The dimension of a unit such as `m`, `rad/s`, `m/s^2` or `N m`. Null for what is no plain physical unit: `1`, counts,
 * flags, units of its own (`half widths`) and mixtures (`rad (7), m (2)`); such values are compared with nothing.
 */
export function parseUnit(text: string): Dimension | null {
  const [top = '', ...below] = text.trim().split('/');
  let dimension = product(top);
  for (const part of below) dimension = combine(dimension, product(part), -1);
  return dimension === null || dimension.size === 0 || [...dimension.keys()].every((base) => base === 'step')
    ? null
    : dimension;
}

function product(text: string): Dimension | null {
  const parts = text
    .replace(/[()]/g, ' ')
    .split(/[\s*·.]+/)
    .filter((part) => part !== '' && part !== '1');
  return parts.reduce<Dimension | null>((all, part) => combine(all, factor(part), 1), new Map());
}

function factor(text: string): Dimension | null {
  const [, name = '', sign = '', digits = ''] = /^([A-Za-z]+)\^?(-?)([\d²³]*)$/.exec(text) ?? [];
  const exponent = Number(sign + digits.replace('²', '2').replace('³', '3') || '1');
  const spelled = spellings[name] ?? name;
  if (spelled.includes(' ')) return raise(product(spelled), exponent);
  if (!bases.has(spelled)) return null;
  const expanded = derived[spelled];
  return raise(expanded === undefined ? new Map([[spelled, 1]]) : product(expanded), exponent);
}

/** a times b, or a over b where `sign` is -1. */
export function combine(a: Dimension | null, b: Dimension | null, sign: 1 | -1): Dimension | null {
  if (a === null || b === null) return null;
  const all = new Map(a);
  for (const [base, exponent] of b) all.set(base, (all.get(base) ?? 0) + sign * exponent);
  return new Map([...all].filter(([, exponent]) => exponent !== 0));
}

export function raise(a: Dimension | null, exponent: number): Dimension | null {
  if (a === null) return null;
  return new Map(
    [...a].map(([base, power]): [string, number] => [base, power * exponent]).filter(([, power]) => power !== 0),
  );
}

/** Whether two values may be added. Radians disappear beside other units: an angular speed times an arm is a speed. */
export function comparable(a: Dimension | null, b: Dimension | null): boolean {
  if (a === null || b === null || a.size === 0 || b.size === 0) return true;
  const compound = [a, b].some(
    (each) => [...each.keys()].some((base) => !['rad', 's', 'step'].includes(base)) && each.size > 1,
  );
  const keys = [...new Set([...a.keys(), ...b.keys()])].filter((base) => !(compound && base === 'rad'));
  return keys.every((base) => (a.get(base) ?? 0) === (b.get(base) ?? 0));
}

export function spell(dimension: Dimension): string {
  const part = (sign: number): string =>
    [...dimension]
      .filter(([, exponent]) => Math.sign(exponent) === sign)
      .map(([base, exponent]) => (Math.abs(exponent) === 1 ? base : `${base}^${Math.abs(exponent)}`))
      .join(' ');
  const [top, below] = [part(1), part(-1)];
  return below === '' ? top : `${top === '' ? '1' : top}/${below}`;
}
