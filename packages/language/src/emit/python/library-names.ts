/** What the functions of the standard library are called in every Python target, where the name differs. */
export const libraryNames: readonly (readonly [string, string])[] = [
  ['sum', 'add_up'],
  ['wrapAngle', 'wrap_angle'],
  ['quatMul', 'quat_mul'],
  ['quatConjugate', 'quat_conjugate'],
  ['quatInverse', 'quat_inverse'],
  ['quatNormalize', 'quat_normalize'],
  ['quatRotate', 'quat_rotate'],
  ['quatAngle', 'quat_angle'],
];
