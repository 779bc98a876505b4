/** One function of the standard library as text: what it needs, and its definition. */
export interface LibraryText {
  readonly needs: readonly string[];
  readonly text: string;
}

const tolerance = `// 1 inside [lower, upper]; outside it falls off and is valueAtMargin at distance margin (dm_control's tolerance).
function tolerance(x, [lower, upper] = [0, 0], margin = 0, { sigmoid = 'gaussian', valueAtMargin = 0.1 } = {}) {
  if (x >= lower && x <= upper) return 1;
  const d = (x < lower ? lower - x : x - upper) / margin;
  return toleranceShapes[sigmoid](d, toleranceScales[sigmoid](valueAtMargin));
}`;

const toleranceShapes = `const toleranceShapes = {
  gaussian: (d, scale) => Math.exp(-0.5 * (d * scale) * (d * scale)),
  hyperbolic: (d, scale) => 1 / Math.cosh(d * scale),
  long_tail: (d, scale) => 1 / (d * scale * (d * scale) + 1),
  reciprocal: (d, scale) => 1 / (Math.abs(d) * scale + 1),
  cosine: (d, scale) => (Math.abs(d * scale) < 1 ? (1 + Math.cos(Math.PI * (d * scale))) / 2 : 0),
  linear: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale : 0),
  quadratic: (d, scale) => (Math.abs(d * scale) < 1 ? 1 - d * scale * (d * scale) : 0),
  tanh_squared: (d, scale) => 1 - Math.tanh(d * scale) * Math.tanh(d * scale),
};`;

const toleranceScales = `// How far a shape is stretched so that it is v at distance 1.
const toleranceScales = {
  gaussian: (v) => Math.sqrt(-2 * Math.log(v)),
  hyperbolic: (v) => Math.acosh(1 / v),
  long_tail: (v) => Math.sqrt(1 / v - 1),
  reciprocal: (v) => 1 / v - 1,
  cosine: (v) => Math.acos(2 * v - 1) / Math.PI,
  linear: (v) => 1 - v,
  quadratic: (v) => Math.sqrt(1 - v),
  tanh_squared: (v) => Math.atanh(Math.sqrt(1 - v)),
};`;

/** The definition of the standard library: what every other target has to compute. */
export const javascriptLibrary: ReadonlyMap<string, LibraryText> = new Map<string, LibraryText>([
  ['clamp', { needs: [], text: 'function clamp(x, low, high) {\n  return Math.min(Math.max(x, low), high);\n}' }],
  [
    'wrapAngle',
    {
      needs: [],
      text: '// The same angle in (-pi, pi].\nfunction wrapAngle(angle) {\n  return angle - 2 * Math.PI * Math.ceil((angle - Math.PI) / (2 * Math.PI));\n}',
    },
  ],
  [
    'potential',
    {
      needs: [],
      text: '// Potential-based shaping (Ng, Harada and Russell, 1999).\nfunction potential(next, current, gamma = 1) {\n  return gamma * next - current;\n}',
    },
  ],
  ['toleranceShapes', { needs: [], text: toleranceShapes }],
  ['toleranceScales', { needs: [], text: toleranceScales }],
  ['tolerance', { needs: ['toleranceShapes', 'toleranceScales'], text: tolerance }],
  [
    'toleranceKernel',
    {
      needs: [],
      text: `// The same with its shape and scale chosen beforehand.
function toleranceKernel(shape, x, lower, upper, margin, scale) {
  return x >= lower && x <= upper ? 1 : shape((x < lower ? lower - x : x - upper) / margin, scale);
}`,
    },
  ],
  [
    'sum',
    {
      needs: [],
      text: 'function sum(v) {\n  let total = v[0];\n  for (let i = 1; i < v.length; i++) total += v[i];\n  return Number(total);\n}',
    },
  ],
  ['mean', { needs: ['sum'], text: 'function mean(v) {\n  return sum(v) / v.length;\n}' }],
  [
    'dot',
    {
      needs: [],
      text: 'function dot(a, b) {\n  let total = a[0] * b[0];\n  for (let i = 1; i < a.length; i++) total += a[i] * b[i];\n  return total;\n}',
    },
  ],
  ['norm', { needs: ['dot'], text: 'function norm(v) {\n  return Math.sqrt(dot(v, v));\n}' }],
  ['distance', { needs: ['norm'], text: 'function distance(a, b) {\n  return norm(a.map((x, i) => x - b[i]));\n}' }],
  [
    'cross',
    {
      needs: [],
      text: 'function cross([ax, ay, az], [bx, by, bz]) {\n  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];\n}',
    },
  ],
  [
    'quatMul',
    {
      needs: [],
      text: `// Hamilton product of quaternions w, x, y, z: first b, then a.
function quatMul([aw, ax, ay, az], [bw, bx, by, bz]) {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}`,
    },
  ],
  ['quatConjugate', { needs: [], text: 'function quatConjugate([w, x, y, z]) {\n  return [w, -x, -y, -z];\n}' }],
  [
    'quatInverse',
    {
      needs: ['dot'],
      text: 'function quatInverse(q) {\n  const square = dot(q, q);\n  return [q[0] / square, -q[1] / square, -q[2] / square, -q[3] / square];\n}',
    },
  ],
  [
    'quatNormalize',
    {
      needs: ['norm'],
      text: 'function quatNormalize(q) {\n  const length = norm(q);\n  return q.map((x) => x / length);\n}',
    },
  ],
  [
    'quatRotate',
    {
      needs: ['cross'],
      text: `// v turned by the unit quaternion q: v + 2 w (u x v) + 2 u x (u x v), with u the vector part.
function quatRotate([w, x, y, z], v) {
  const [tx, ty, tz] = cross([x, y, z], v);
  const [cx, cy, cz] = cross([x, y, z], [2 * tx, 2 * ty, 2 * tz]);
  return [v[0] + w * (2 * tx) + cx, v[1] + w * (2 * ty) + cy, v[2] + w * (2 * tz) + cz];
}`,
    },
  ],
  [
    'quatAngle',
    {
      needs: ['quatMul', 'quatConjugate', 'norm'],
      text: `// Angle of the rotation between two orientations, in [0, pi]; their lengths and signs do not matter.
function quatAngle(a, b) {
  const [w, x, y, z] = quatMul(quatConjugate(a), b);
  return 2 * Math.atan2(norm([x, y, z]), Math.abs(w));
}`,
    },
  ],
]);
