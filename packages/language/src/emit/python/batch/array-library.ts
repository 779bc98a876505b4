import type { RuntimeText } from '../runtime.ts';

/** How the two array libraries spell what the standard library needs. */
export interface Spelling {
  readonly module: 'np' | 'torch';
  /** A parameter or a result of array type. */
  readonly array: string;
  readonly result: string;
  readonly stack: (entries: string) => string;
  readonly atan2: string;
  /** The entries of a vector, one by one. */
  readonly entries: (vector: string, length: number) => string;
  readonly join: (parts: string) => string;
}

const shapes = ({
  module,
}: Spelling): Readonly<Record<string, readonly [comment: string, lines: readonly string[]]>> => ({
  gaussian: ['', ['s = d * math.sqrt(-2.0 * math.log(value_at_margin))', `value = ${module}.exp(-0.5 * s * s)`]],
  hyperbolic: ['', [`value = 1.0 / ${module}.cosh(d * math.acosh(1.0 / value_at_margin))`]],
  long_tail: ['', ['s = d * math.sqrt(1.0 / value_at_margin - 1.0)', 'value = 1.0 / (s * s + 1.0)']],
  reciprocal: ['', [`value = 1.0 / (${module}.abs(d) * (1.0 / value_at_margin - 1.0) + 1.0)`]],
  tanh_squared: ['', [`s = ${module}.tanh(d * math.atanh(math.sqrt(1.0 - value_at_margin)))`, 'value = 1.0 - s * s']],
  cosine: [
    '',
    [
      's = d * (math.acos(2.0 * value_at_margin - 1.0) / math.pi)',
      `value = ${module}.where(${module}.abs(s) < 1.0, (1.0 + ${module}.cos(math.pi * s)) / 2.0, 0.0)`,
    ],
  ],
  linear: ['', ['s = d * (1.0 - value_at_margin)', `value = ${module}.where(${module}.abs(s) < 1.0, 1.0 - s, 0.0)`]],
  quadratic: [
    '',
    ['s = d * math.sqrt(1.0 - value_at_margin)', `value = ${module}.where(${module}.abs(s) < 1.0, 1.0 - s * s, 0.0)`],
  ],
});

/** What the arguments of `tolerance` are called, in both libraries; `bound` is how a bound is annotated. */
const toleranceText = (spelling: Spelling, sigmoid: string, suffix: string, bound: string): string => {
  const { module, array, result } = spelling;
  const number = module === 'torch' ? ': float' : '';
  const [, lines] = shapes(spelling)[sigmoid] ?? ['', []];
  return [
    `def tolerance_${sigmoid}${suffix}(x${array}, lower${bound}, upper${bound}, margin${bound}, value_at_margin${number})${result}:`,
    '    """1 within the bounds, value_at_margin at distance margin (dm_control\'s tolerance)."""',
    `    d = ${module}.where(x < lower, lower - x, x - upper) / ${module === 'torch' ? 'margin' : 'np.float64(margin)'}`,
    ...lines.map((line) => `    ${line}`),
    `    return ${module}.where((x >= lower) & (x <= upper), 1.0, value)`,
  ].join('\n');
};

/** The part of the standard library that reads the same over both array libraries. */
export function sharedRuntime(spelling: Spelling): readonly (readonly [string, RuntimeText])[] {
  const { module, array, result, stack, atan2, entries, join } = spelling;
  const entry = (name: string, needs: readonly string[], text: string): readonly [string, RuntimeText] => [
    name,
    { needs, text },
  ];
  return [
    entry('dot', ['add_up'], `def dot(a${array}, b${array})${result}:\n    return add_up(a * b)`),
    entry('norm', ['dot'], `def norm(v${array})${result}:\n    return ${module}.sqrt(dot(v, v))`),
    entry('distance', ['norm'], `def distance(a${array}, b${array})${result}:\n    return norm(a - b)`),
    entry('mean', ['add_up'], `def mean(v${array})${result}:\n    return add_up(v) / v.shape[-1]`),
    entry(
      'wrap_angle',
      [],
      `def wrap_angle(angle${array})${result}:\n    """The same angle in (-pi, pi]."""\n    return angle - 2.0 * math.pi * ${module}.ceil((angle - math.pi) / (2.0 * math.pi))`,
    ),
    entry(
      'cross',
      [],
      `def cross(a${array}, b${array})${result}:
    ax, ay, az = ${entries('a', 3)}
    bx, by, bz = ${entries('b', 3)}
    return ${stack('[ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]')}`,
    ),
    entry(
      'quat_mul',
      [],
      `def quat_mul(a${array}, b${array})${result}:
    """Hamilton product of quaternions w, x, y, z: first b, then a."""
    aw, ax, ay, az = ${entries('a', 4)}
    bw, bx, by, bz = ${entries('b', 4)}
    w = aw * bw - ax * bx - ay * by - az * bz
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    return ${stack('[w, x, y, z]')}`,
    ),
    entry(
      'quat_conjugate',
      [],
      `def quat_conjugate(q${array})${result}:\n    return ${join('[q[..., :1], -q[..., 1:]]')}`,
    ),
    entry(
      'quat_inverse',
      ['quat_conjugate', 'dot'],
      `def quat_inverse(q${array})${result}:\n    return quat_conjugate(q) / dot(q, q)[..., None]`,
    ),
    entry('quat_normalize', ['norm'], `def quat_normalize(q${array})${result}:\n    return q / norm(q)[..., None]`),
    entry(
      'quat_rotate',
      ['cross'],
      `def quat_rotate(q${array}, v${array})${result}:
    """v turned by the unit quaternion q = (w, u): v + 2 w (u x v) + 2 u x (u x v)."""
    u = q[..., 1:]
    turned = 2.0 * cross(u, v)
    return v + q[..., :1] * turned + cross(u, turned)`,
    ),
    entry(
      'quat_angle',
      ['quat_mul', 'quat_conjugate', 'norm'],
      `def quat_angle(a${array}, b${array})${result}:
    """Angle of the rotation between two orientations, in [0, pi], whatever their signs."""
    q = quat_mul(quat_conjugate(a), b)
    return 2.0 * ${atan2}(norm(q[..., 1:]), ${module}.abs(q[..., 0]))`,
    ),
    entry(
      'hypot',
      [],
      `def hypot(a${array}, b${array})${result}:
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = ${module}.abs(a), ${module}.abs(b)
    larger = ${module}.maximum(x, y)
    u, v = x / larger, y / larger
    length = ${module}.where(larger == 0.0, 0.0, ${module}.sqrt(u * u + v * v) * larger)
    return ${module}.where(${module}.isinf(x) | ${module}.isinf(y), math.inf, length)`,
    ),
    entry(
      'half_power',
      [],
      `def half_power(x${array})${result}:
    """x to the power 0.5: the square root, but infinity for -infinity and 0 for -0."""
    return ${module}.where(x == -math.inf, math.inf, ${module}.sqrt(x + 0.0))`,
    ),
    entry(
      'round_half_up',
      [],
      `def round_half_up(x${array})${result}:
    """Nearest whole number; halves go up, and what rounds to zero keeps its sign."""
    below = ${module}.floor(x)
    return ${module}.copysign(${module}.where(x - below >= 0.5, below + 1.0, below), x)`,
    ),
    ...Object.keys(shapes(spelling)).flatMap((sigmoid) => {
      const number = module === 'torch' ? ': float' : '';
      return [
        entry(`tolerance_${sigmoid}`, [], toleranceText(spelling, sigmoid, '', number)),
        // With bounds that differ from row to row, for TorchScript, which tells numbers from tensors.
        entry(`tolerance_${sigmoid}_within`, [], toleranceText(spelling, sigmoid, '_within', array)),
      ];
    }),
  ];
}
