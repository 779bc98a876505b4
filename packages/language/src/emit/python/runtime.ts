import { libraryNames } from './library-names.ts';

/** A function that an exported text may need: what it needs itself, and its definition. */
export interface RuntimeText {
  readonly needs: readonly string[];
  readonly text: string;
}

const entry = (name: string, needs: readonly string[], text: string): [string, RuntimeText] => [name, { needs, text }];

/** Functions of `math` that raise where JavaScript gives NaN or Infinity. */
const guarded = (name: string, condition: string, otherwise: string): [string, RuntimeText] =>
  entry(name, [], `def ${name}(x):\n    return math.${name}(x) if ${condition} else ${otherwise}`);

const overflowing = (name: string, limit: string): [string, RuntimeText] =>
  entry(
    name,
    [],
    `def ${name}(x):\n    try:\n        return math.${name}(x)\n    except OverflowError:\n        return ${limit}`,
  );

/** The standard library and JavaScript's `Math` in plain Python, one step at a time. */
export const pythonRuntime: ReadonlyMap<string, RuntimeText> = new Map([
  entry(
    'divide',
    [],
    'def divide(a, b):\n    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""\n    if b != 0.0:\n        return a / b\n    if a == 0.0 or a != a:\n        return math.nan\n    return math.copysign(math.inf, a) * math.copysign(1.0, b)',
  ),
  entry(
    'remainder',
    [],
    'def remainder(a, b):\n    """What is left of a divided by b, with the sign of a."""\n    if math.isfinite(a) and b != 0.0:\n        return math.fmod(a, b)\n    return math.nan',
  ),
  entry(
    'power',
    [],
    'def power(a, b):\n    """a to the b; NaN where JavaScript says so and where there is no real result."""\n    if b != b or (abs(a) == 1.0 and math.isinf(b)):\n        return math.nan\n    try:\n        return math.pow(a, b)\n    except OverflowError:\n        return -math.inf if a < 0.0 and math.fmod(b, 2.0) != 0.0 else math.inf\n    except ValueError:\n        if a != 0.0:\n            return math.nan\n        odd = math.fmod(b, 2.0) != 0.0 and math.floor(b) == b\n        return math.copysign(math.inf, a) if odd else math.inf',
  ),
  entry('square', [], 'def square(x):\n    return x * x'),
  entry(
    'add_up',
    [],
    'def add_up(values, start=-0.0):\n    """Sum from the first value to the last, without reordering."""\n    total = start\n    for value in values:\n        total += value\n    return total',
  ),
  entry(
    'maximum',
    [],
    'def maximum(*values):\n    """Largest value; NaN when one of them is NaN."""\n    largest = -math.inf\n    for value in values:\n        if value != value:\n            return math.nan\n        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):\n            largest = value\n    return largest',
  ),
  entry(
    'minimum',
    [],
    'def minimum(*values):\n    """Smallest value; NaN when one of them is NaN."""\n    smallest = math.inf\n    for value in values:\n        if value != value:\n            return math.nan\n        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):\n            smallest = value\n    return smallest',
  ),
  entry('sign', [], 'def sign(x):\n    return x if x == 0.0 or x != x else math.copysign(1.0, x)'),
  entry('floor', [], 'def floor(x):\n    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x'),
  entry('ceil', [], 'def ceil(x):\n    return math.copysign(float(math.ceil(x)), x) if math.isfinite(x) else x'),
  entry('trunc', [], 'def trunc(x):\n    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x'),
  entry(
    'round_half_up',
    [],
    'def round_half_up(x):\n    """Nearest whole number; halves go up."""\n    if not math.isfinite(x):\n        return x\n    below = float(math.floor(x))\n    return math.copysign(below + 1.0 if x - below >= 0.5 else below, x)',
  ),
  entry(
    'fround',
    [],
    'def fround(x):\n    """Nearest single-precision number."""\n    try:\n        return struct.unpack("f", struct.pack("f", x))[0]\n    except OverflowError:\n        return math.copysign(math.inf, x)',
  ),
  entry(
    'cbrt',
    [],
    `def cbrt(x):
    """Cube root: a power, corrected by one step of Halley's method."""
    size = abs(x)
    if not 0.0 < size < math.inf:
        return x
    root = size ** (1.0 / 3.0)
    other = size / root
    root -= root * ((root * root - other) / (2.0 * root * root + other))
    return math.copysign(root, x)`,
  ),
  entry(
    'hypot',
    ['maximum'],
    `def hypot(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [abs(entry) for entry in entries]
    if math.inf in sizes:
        return math.inf
    largest = maximum(0.0, *sizes)
    if not largest > 0.0:
        return largest
    total = rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    return math.sqrt(total) * largest`,
  ),
  guarded('sin', 'math.isfinite(x)', 'math.nan'),
  guarded('cos', 'math.isfinite(x)', 'math.nan'),
  guarded('tan', 'math.isfinite(x)', 'math.nan'),
  guarded('asin', '-1.0 <= x <= 1.0', 'math.nan'),
  guarded('acos', '-1.0 <= x <= 1.0', 'math.nan'),
  guarded('acosh', 'x >= 1.0', 'math.nan'),
  guarded('sqrt', 'x >= 0.0', 'math.nan'),
  entry(
    'atanh',
    [],
    'def atanh(x):\n    if -1.0 < x < 1.0:\n        return math.atanh(x)\n    return math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan',
  ),
  ...(['log', 'log2', 'log10'] as const).map((name) =>
    entry(
      name,
      [],
      `def ${name}(x):\n    if x > 0.0:\n        return math.${name}(x)\n    return -math.inf if x == 0.0 else math.nan`,
    ),
  ),
  entry(
    'log1p',
    [],
    'def log1p(x):\n    if x > -1.0:\n        return math.log1p(x)\n    return -math.inf if x == -1.0 else math.nan',
  ),
  overflowing('exp', 'math.inf'),
  overflowing('expm1', 'math.inf'),
  overflowing('cosh', 'math.inf'),
  overflowing('sinh', 'math.copysign(math.inf, x)'),
  entry('clamp', ['maximum', 'minimum'], 'def clamp(x, low, high):\n    return minimum(maximum(x, low), high)'),
  entry(
    'wrap_angle',
    ['ceil'],
    'def wrap_angle(angle):\n    """The same angle in (-pi, pi]."""\n    return angle - 2.0 * math.pi * ceil((angle - math.pi) / (2.0 * math.pi))',
  ),
  entry(
    'potential',
    [],
    'def potential(next_value, value, gamma=1.0):\n    """Potential-based shaping (Ng, Harada and Russell, 1999)."""\n    return gamma * next_value - value',
  ),
  entry('mean', ['add_up'], 'def mean(v):\n    return add_up(v) / len(v)'),
  entry('dot', ['add_up'], 'def dot(a, b):\n    return add_up(x * y for x, y in zip(a, b))'),
  entry('norm', ['dot', 'sqrt'], 'def norm(v):\n    return sqrt(dot(v, v))'),
  entry('distance', ['norm'], 'def distance(a, b):\n    return norm([x - y for x, y in zip(a, b)])'),
  entry(
    'cross',
    [],
    'def cross(a, b):\n    ax, ay, az = a\n    bx, by, bz = b\n    return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]',
  ),
  entry(
    'quat_mul',
    [],
    'def quat_mul(a, b):\n    """Hamilton product of quaternions w, x, y, z: first b, then a."""\n    aw, ax, ay, az = a\n    bw, bx, by, bz = b\n    return [\n        aw * bw - ax * bx - ay * by - az * bz,\n        aw * bx + ax * bw + ay * bz - az * by,\n        aw * by - ax * bz + ay * bw + az * bx,\n        aw * bz + ax * by - ay * bx + az * bw,\n    ]',
  ),
  entry('quat_conjugate', [], 'def quat_conjugate(q):\n    w, x, y, z = q\n    return [w, -x, -y, -z]'),
  entry(
    'quat_inverse',
    ['dot', 'divide'],
    'def quat_inverse(q):\n    w, x, y, z = q\n    square = dot(q, q)\n    return [divide(w, square), divide(-x, square), divide(-y, square), divide(-z, square)]',
  ),
  entry(
    'quat_normalize',
    ['norm', 'divide'],
    'def quat_normalize(q):\n    length = norm(q)\n    return [divide(x, length) for x in q]',
  ),
  entry(
    'quat_rotate',
    ['cross'],
    'def quat_rotate(q, v):\n    """v turned by the unit quaternion q = (w, u): v + 2 w (u x v) + 2 u x (u x v)."""\n    w, u = q[0], q[1:]\n    turned = [2.0 * x for x in cross(u, v)]\n    twice = cross(u, turned)\n    return [x + w * t + c for x, t, c in zip(v, turned, twice)]',
  ),
  entry(
    'quat_angle',
    ['quat_mul', 'quat_conjugate', 'norm'],
    'def quat_angle(a, b):\n    """Angle of the rotation between two orientations, in [0, pi], whatever their signs."""\n    w, x, y, z = quat_mul(quat_conjugate(a), b)\n    return 2.0 * math.atan2(norm([x, y, z]), abs(w))',
  ),
  entry(
    'tolerance',
    ['divide', 'exp', 'log', 'sqrt', 'cosh', 'acosh', 'cos', 'acos', 'atanh'],
    `def tolerance(x, bounds, margin, sigmoid, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    lower, upper = bounds
    if lower <= x <= upper:
        return 1.0
    d = divide(lower - x if x < lower else x - upper, margin)
    v = value_at_margin
    if sigmoid == "gaussian":
        s = d * sqrt(-2.0 * log(v))
        return exp(-0.5 * s * s)
    if sigmoid == "hyperbolic":
        return divide(1.0, cosh(d * acosh(divide(1.0, v))))
    if sigmoid == "long_tail":
        s = d * sqrt(divide(1.0, v) - 1.0)
        return 1.0 / (s * s + 1.0)
    if sigmoid == "reciprocal":
        return divide(1.0, abs(d) * (divide(1.0, v) - 1.0) + 1.0)
    if sigmoid == "tanh_squared":
        s = math.tanh(d * atanh(sqrt(1.0 - v)))
        return 1.0 - s * s
    if sigmoid == "cosine":
        s = d * (acos(2.0 * v - 1.0) / math.pi)
        return (1.0 + cos(math.pi * s)) / 2.0 if abs(s) < 1.0 else 0.0
    if sigmoid == "linear":
        s = d * (1.0 - v)
        return 1.0 - s if abs(s) < 1.0 else 0.0
    s = d * sqrt(1.0 - v)
    return 1.0 - s * s if abs(s) < 1.0 else 0.0`,
  ),
]);

/** What a function of the language is called in Python: the runtime's name, or one of the standard library's. */
export const pythonNames: ReadonlyMap<string, string> = new Map([
  ['Math.abs', 'abs'],
  ['Math.max', 'maximum'],
  ['Math.min', 'minimum'],
  ['Math.round', 'round_half_up'],
  ['Math.atan2', 'math.atan2'],
  ['Math.atan', 'math.atan'],
  ['Math.asinh', 'math.asinh'],
  ['Math.tanh', 'math.tanh'],
  ...libraryNames,
]);

/** The definitions of the named functions and of all that they need, in an order that reads from the bottom up. */
export function runtimeTexts(runtime: ReadonlyMap<string, RuntimeText>, used: Iterable<string>): string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name) || !runtime.has(name)) return;
    for (const need of runtime.get(name)?.needs ?? []) add(need);
    all.add(name);
  };
  for (const name of used) add(name);
  return [...all].map((name) => runtime.get(name)?.text ?? '');
}
