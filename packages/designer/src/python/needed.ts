/** Functions of Python's that differ from JavaScript's operators, written out where a translated program uses them. */
export const pythonFunctions: Readonly<Record<string, string>> = {
  modulo: `// The remainder with the sign of the divisor, as Python has it.
const modulo = (a, b) => {
  const rest = a % b;
  return rest < 0 && b > 0 || rest > 0 && b < 0 ? rest + b : rest;
};
`,
  // CPython's float_floor_div, which is not the floor of the quotient: 1.0 // 0.1 is 9. By 0 as NumPy has it; Python throws.
  floorDivide: `// The whole quotient, rounded down, as Python has it.
const floorDivide = (a, b) => {
  const rest = a % b;
  const quotient = (a - rest) / b - (rest < 0 && b > 0 || rest > 0 && b < 0 ? 1 : 0);
  const whole = Math.floor(quotient);
  if (!(Math.abs(b) > 0)) return a / b;
  return quotient - whole > 0.5 ? whole + 1 : whole;
};
`,
  roundEven: `// The nearest whole number, and of two the even one, as Python has it.
const roundEven = (x) => {
  const low = Math.floor(x);
  const part = x - low;
  return part < 0.5 || !(part > 0.5) && low % 2 === 0 ? low : low + 1;
};
`,
};
