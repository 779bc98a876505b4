import { libraryNames } from '../library-names.ts';
import type { RuntimeText } from '../runtime.ts';
import { sharedRuntime } from './array-library.ts';

const entry = (name: string, needs: readonly string[], text: string): readonly [string, RuntimeText] => [
  name,
  { needs, text },
];

/** Goes over the entries of a vector, never over the batch: an axis of a few entries is slow to reduce otherwise. */
const overEntries = (
  name: string,
  about: string,
  step: string,
  needs: readonly string[] = [],
  start?: string,
): readonly [string, RuntimeText] =>
  entry(
    name,
    needs,
    `def ${name}(${start === undefined ? '' : `${start}, `}v):
    """${about}"""
    result = ${start ?? 'v[..., 0]'}
    for i in range(${start === undefined ? '1, ' : ''}v.shape[-1]):
        result = ${step}
    return result`,
  );

/** The standard library and JavaScript's `Math` over NumPy arrays whose last axis holds a vector's entries. */
export const numpyRuntime: ReadonlyMap<string, RuntimeText> = new Map([
  ...sharedRuntime({
    module: 'np',
    array: '',
    result: '',
    stack: (entries) => `np.stack(${entries}, axis=-1)`,
    atan2: 'np.arctan2',
    entries: (vector, length) => Array.from({ length }, (_, index) => `${vector}[..., ${index}]`).join(', '),
    join: (parts) => `np.concatenate(${parts}, axis=-1)`,
  }),
  overEntries(
    'add_up',
    'Sum over the last axis, first entry first: np.sum would round in another order.',
    'result + v[..., i]',
  ),
  overEntries('multiply_up', 'Product over the last axis, first entry first.', 'result * v[..., i]'),
  overEntries(
    'largest',
    'Largest entry of the last axis; NaN when one of them is NaN.',
    'np.maximum(result, v[..., i])',
  ),
  overEntries(
    'smallest',
    'Smallest entry of the last axis; NaN when one of them is NaN.',
    'np.minimum(result, v[..., i])',
  ),
  overEntries('add_from', 'Sum of start and the last axis, in this order.', 'result + v[..., i]', [], 'start'),
  overEntries('multiply_from', 'Product of start and the last axis, in this order.', 'result * v[..., i]', [], 'start'),
  overEntries('largest_signed', 'Largest entry of the last axis.', 'maximum(result, v[..., i])', ['maximum']),
  overEntries('smallest_signed', 'Smallest entry of the last axis.', 'minimum(result, v[..., i])', ['minimum']),
  entry(
    'maximum',
    [],
    `def maximum(a, b):
    """np.maximum, in which 0.0 is larger than -0.0."""
    return np.where((a == 0.0) & (b == 0.0), a + b, np.maximum(a, b))`,
  ),
  entry(
    'minimum',
    [],
    `def minimum(a, b):
    """np.minimum, in which -0.0 is smaller than 0.0."""
    return np.where((a == 0.0) & (b == 0.0), -(-a - b), np.minimum(a, b))`,
  ),
  entry(
    'sign',
    [],
    'def sign(x):\n    """np.sign, in which the sign of -0.0 is -0.0."""\n    return np.where(x == 0.0, x, np.sign(x))',
  ),
  entry(
    'stack',
    [],
    'def stack(*entries):\n    """The entries of a vector side by side on a new last axis."""\n    return np.stack(np.broadcast_arrays(*entries), axis=-1)',
  ),
  entry(
    'power',
    [],
    `def power(a, b):
    """a to the b; NaN where b is NaN, or infinite while a is 1 or -1, as in JavaScript."""
    undefined = np.isnan(b) | ((np.abs(a) == 1.0) & np.isinf(b))
    return np.where(undefined, np.nan, np.power(a, b))`,
  ),
  entry(
    'hypot_of',
    [],
    `def hypot_of(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [np.abs(entry) for entry in entries]
    largest = sizes[0]
    infinite = np.isinf(largest)
    for size in sizes[1:]:
        largest = np.maximum(largest, size)
        infinite = infinite | np.isinf(size)
    total = 0.0
    rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = np.where(largest == 0.0, 0.0, np.sqrt(total) * largest)
    return np.where(infinite, np.inf, length)`,
  ),
  entry(
    'fround',
    [],
    'def fround(x):\n    """Nearest single-precision number."""\n    return np.asarray(x).astype(np.float32).astype(np.float64)',
  ),
]);

/** What a function of the language is called over NumPy arrays. */
export const numpyNames: ReadonlyMap<string, string> = new Map([
  ['Math.acos', 'np.arccos'],
  ['Math.acosh', 'np.arccosh'],
  ['Math.asin', 'np.arcsin'],
  ['Math.asinh', 'np.arcsinh'],
  ['Math.atan', 'np.arctan'],
  ['Math.atan2', 'np.arctan2'],
  ['Math.atanh', 'np.arctanh'],
  ['Math.round', 'round_half_up'],
  ['Math.fround', 'fround'],
  ...libraryNames,
]);
