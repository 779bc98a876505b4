/** An arm of two uniform rods in a horizontal plane; SI units, friction in N m s/rad at each joint. */
export interface TwoLinkArm {
  readonly upperLength: number;
  readonly foreLength: number;
  readonly upperMass: number;
  readonly foreMass: number;
  readonly shoulderFriction: number;
  readonly elbowFriction: number;
}

/**
 * Both joints' angular accelerations into `acceleration`, for the elbow's angle relative to the upper arm: the manipulator
 * equation M(q) q'' + C(q, q') + friction q' = torque, solved for q''.
 */
export function accelerateArm(
  acceleration: Float64Array,
  arm: TwoLinkArm,
  elbow: number,
  shoulderVelocity: number,
  elbowVelocity: number,
  torque: Float64Array,
): void {
  const { upperLength, foreLength, upperMass, foreMass, shoulderFriction, elbowFriction } = arm;
  const centre = foreLength / 2;
  // A rod about its end, and about its centre.
  const upperInertia = (upperMass * upperLength * upperLength) / 3;
  const foreInertia = (foreMass * foreLength * foreLength) / 12;
  const reach = foreMass * upperLength * centre;
  const coupled = reach * Math.cos(elbow);
  const m22 = foreInertia + foreMass * centre * centre;
  const m12 = m22 + coupled;
  const m11 = upperInertia + m22 + foreMass * upperLength * upperLength + 2 * coupled;
  const turning = reach * Math.sin(elbow);
  const shoulder =
    (torque[0] ?? 0) -
    shoulderFriction * shoulderVelocity +
    turning * elbowVelocity * (2 * shoulderVelocity + elbowVelocity);
  const fore = (torque[1] ?? 0) - elbowFriction * elbowVelocity - turning * shoulderVelocity * shoulderVelocity;
  const determinant = m11 * m22 - m12 * m12;
  acceleration[0] = (m22 * shoulder - m12 * fore) / determinant;
  acceleration[1] = (m11 * fore - m12 * shoulder) / determinant;
}
