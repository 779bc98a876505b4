import { libraryNames } from '../library-names.ts';
import type { RuntimeText } from '../runtime.ts';
import { sharedRuntime } from './array-library.ts';

const entry = (name: string, needs: readonly string[], text: string): readonly [string, RuntimeText] => [
  name,
  { needs, text },
];

/** The standard library and JavaScript's `Math` over tensors whose last axis holds a vector's entries; all scriptable. */
export const torchRuntime: ReadonlyMap<string, RuntimeText> = new Map([
  ...sharedRuntime({
    module: 'torch',
    array: ': torch.Tensor',
    result: ' -> torch.Tensor',
    stack: (entries) => `torch.stack(${entries}, dim=-1)`,
    atan2: 'torch.atan2',
    entries: (vector) => `torch.unbind(${vector}, dim=-1)`,
    join: (parts) => `torch.cat(${parts}, dim=-1)`,
  }),
  entry(
    'float_dtype',
    [],
    `def float_dtype(fields: List[torch.Tensor]) -> torch.dtype:
    """The dtype of the fields; one of whole numbers would round the constants of the reward."""
    for field in fields:
        if not field.is_floating_point():
            raise TypeError("fields must be floating tensors: convert whole numbers, as by .float()")
    return fields[0].dtype`,
  ),
  entry(
    'add_up',
    [],
    `def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)`,
  ),
  entry(
    'multiply_up',
    [],
    `def multiply_up(v: torch.Tensor) -> torch.Tensor:
    """Product over the last axis, first entry first."""
    return torch.cumprod(v, dim=-1)[..., -1]`,
  ),
  entry(
    'add_from',
    [],
    `def add_from(start: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Sum of start and the last axis, in this order."""
    total = start
    for i in range(v.shape[-1]):
        total = total + v[..., i]
    return total`,
  ),
  entry(
    'multiply_from',
    [],
    `def multiply_from(start: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Product of start and the last axis, in this order."""
    product = start
    for i in range(v.shape[-1]):
        product = product * v[..., i]
    return product`,
  ),
  entry(
    'maximum',
    [],
    `def maximum(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """torch.maximum, in which 0.0 is larger than -0.0."""
    return torch.where((a == 0.0) & (b == 0.0), a + b, torch.maximum(a, b))`,
  ),
  entry(
    'minimum',
    [],
    `def minimum(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """torch.minimum, in which -0.0 is smaller than 0.0."""
    return torch.where((a == 0.0) & (b == 0.0), -(-a - b), torch.minimum(a, b))`,
  ),
  entry(
    'largest_signed',
    ['maximum'],
    `def largest_signed(v: torch.Tensor) -> torch.Tensor:
    """Largest entry of the last axis, in which 0.0 is larger than -0.0."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = maximum(result, v[..., i])
    return result`,
  ),
  entry(
    'smallest_signed',
    ['minimum'],
    `def smallest_signed(v: torch.Tensor) -> torch.Tensor:
    """Smallest entry of the last axis, in which -0.0 is smaller than 0.0."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = minimum(result, v[..., i])
    return result`,
  ),
  entry(
    'sign',
    [],
    `def sign(x: torch.Tensor) -> torch.Tensor:
    """-1, 0 or 1; zeros keep their sign and NaN stays NaN."""
    return torch.where((x < 0.0) | (x > 0.0), torch.sign(x), x)`,
  ),
  entry(
    'divide',
    [],
    `def divide(a: float, b: torch.Tensor) -> torch.Tensor:
    """a / b, rounded once: a number over a tensor would be the number times a reciprocal."""
    return torch.full_like(b, a) / b`,
  ),
  entry(
    'vector',
    [],
    `def vector(values: List[float], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Numbers as a tensor; in a script, torch.tensor would round them to single precision."""
    if torch.jit.is_scripting():
        return torch.stack([torch.full([], value, dtype=dtype, device=device) for value in values])
    return torch.tensor(values, dtype=dtype, device=device)`,
  ),
  entry(
    'choose',
    [],
    `def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)`,
  ),
  entry(
    'power',
    [],
    `def power(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """a to the b; NaN where b is NaN, or infinite while a is 1 or -1, as in JavaScript."""
    undefined = torch.isnan(b) | ((torch.abs(a) == 1.0) & torch.isinf(b))
    return torch.where(undefined, math.nan, torch.pow(a, b))`,
  ),
  entry(
    'cbrt',
    [],
    `def cbrt(x: torch.Tensor) -> torch.Tensor:
    """Cube root: a power, made exact to the last places by one step of Halley's method."""
    size = torch.abs(x)
    root = torch.pow(size, 1.0 / 3.0)
    other = size / root
    better = root - root * ((root * root - other) / (2.0 * root * root + other))
    root = torch.where((root > 0.0) & (root < math.inf), better, root)
    return torch.copysign(root, x)`,
  ),
  entry(
    'hypot_of',
    [],
    `def hypot_of(entries: List[torch.Tensor]) -> torch.Tensor:
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    largest = torch.abs(entries[0])
    infinite = torch.isinf(entries[0])
    for entry in entries[1:]:
        largest = torch.maximum(largest, torch.abs(entry))
        infinite = infinite | torch.isinf(entry)
    total = torch.zeros_like(largest)
    rest = torch.zeros_like(largest)
    for entry in entries:
        ratio = torch.abs(entry) / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = torch.where(largest == 0.0, 0.0, torch.sqrt(total) * largest)
    return torch.where(infinite, math.inf, length)`,
  ),
]);

/** What a function of the language is called over tensors, where the name differs. */
export const torchNames: ReadonlyMap<string, string> = new Map([
  ['Math.round', 'round_half_up'],
  ['Math.sign', 'sign'],
  ['Math.cbrt', 'cbrt'],
  ...libraryNames,
]);
