import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { crane } from './environments.ts';

const reward = (body: string, head = ''): string =>
  `${head}export function reward({ obs, action, next, terminated, params, env, memory }) {\n${body}\n}`;

/** Code and line of each finding. */
const told = (source: string): readonly string[] =>
  compile(source, crane).findings.map(({ code, line }) => `${code} ${line}`);

describe('a loop without a bound', () => {
  it('is refused where it stands, whether its condition or a break inside it would end it', () => {
    const endless = 'let i = 0;\nwhile (true) { if (next.swing > i) break; i += 1; }\nreturn { i };';
    expect(told(reward(endless))).toEqual(['unbounded-loop 3']);
    expect(told(reward('for (let i = 0; ; i += 1) { if (next.swing < i) return { a: i }; }'))).toEqual([
      'unbounded-loop 2',
    ]);
  });

  it('is bounded where a break is sure to come', () => {
    const source = reward(
      'let i = 0;\nwhile (true) {\ni += 1;\nif (i >= 100 || next.swing < i) break;\n}\nreturn { i };',
    );
    expect(compile(source, crane).ok).toBe(true);
  });

  it('may be left early in a limited number of turns', () => {
    const halving = (turns: number): string =>
      reward(
        `let z = next.rope;\nfor (let i = 0; i < ${turns}; i++) {\nif (z < 0.1) break;\nz *= 0.5;\n}\nreturn { z };`,
      );
    expect(compile(halving(8), crane, { limits: { leftTurns: 8 } }).ok).toBe(true);
    expect(compile(halving(9), crane, { limits: { leftTurns: 8 } }).findings).toMatchObject([
      { code: 'program-too-large', line: 3 },
    ]);
    expect(told(halving(2_000))).toEqual(['program-too-large 3']);
  });

  it('does not hide the faults in it and behind it', () => {
    const source = reward(
      'let n = 0;\nwhile (next.swing > n) {\nn += 1;\neval("n");\n}\nconst a = n * next.legs;\nreturn { a };',
    );
    expect(told(source)).toEqual(['unbounded-loop 3', 'forbidden-call 5', 'unknown-field 7']);
  });

  it('does not hide the faults of its body when its condition has one', () => {
    const source = reward('let n = 0;\nwhile (n < env.most) { n += next.legs; }\nreturn { n };');
    expect(told(source)).toEqual(['unknown-constant 3', 'unknown-field 3']);
    expect(told(reward('let n = 0;\nfor (const leg of next.legs) n += leg * next.feet;\nreturn { n };'))).toEqual([
      'unknown-field 3',
      'unknown-field 3',
    ]);
  });
});

describe('a program too deep to be traced', () => {
  it('is told of the statement being run', () => {
    const deeper = (name: string, next: string): string =>
      `function ${name}(z) {\nfor (let i = 0; i < 500; i++) {\nif (z < i) break;\nif (i === 499) return ${next};\n}\nreturn 0;\n}\n`;
    const helpers = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => deeper(`f${at}`, `f${at + 1}(z)`)).join('');
    const { findings } = compile(`${helpers}${deeper('f8', 'z')}${reward('return { a: f0(next.rope) };')}`, crane);
    expect(findings).toMatchObject([{ code: 'program-too-large', message: 'The program is nested too deeply.' }]);
    expect(findings[0]?.line).toBeGreaterThan(1);
  });

  it('is refused where it cannot even be read', () => {
    expect(told(reward(`return { a: [next.swing]${'.flat()'.repeat(4_000)}[0] };`))).toEqual(['program-too-large 1']);
  });
});

describe('a helper without a return', () => {
  const findings = (body: string, head: string) => compile(reward(body, head), crane).findings;

  it('is told of where it stands, with what to write', () => {
    expect(findings('return { a: 2 * square(next.swing) };', '\nconst square = (x) => { x * x; };\n')).toMatchObject([
      {
        code: 'missing-return',
        line: 2,
        column: 16,
        message: '`square` ends without `return`, and a value is needed.',
        advice: 'Write `return x * x;`, or drop the braces.',
      },
    ]);
    expect(findings('return { a: sum([1, next.swing].map((x) => {\nx * 2;\n})) };', '')).toMatchObject([
      { code: 'missing-return', line: 2, message: 'The function ends without `return`, and a value is needed.' },
    ]);
  });

  it('is told of where a chain of conditions has no last arm', () => {
    const bonus = 'function bonus(x) {\nif (x > 1) return 2; else if (x > 0) return 1;\n}\n';
    expect(findings('return { a: 2 * bonus(next.swing) };', bonus)).toMatchObject([
      { code: 'missing-return', line: 1, advice: 'Return a value after the last `if`, too.' },
    ]);
  });

  it('may leave a component out on some paths, and be asked whether it gave anything', () => {
    const bonus = 'function bonus(x) { if (x > 1) return 2; }\n';
    const { ok, findings: warnings } = compile(reward('return { a: bonus(next.swing), b: next.mark };', bonus), crane);
    expect(ok).toBe(true);
    expect(warnings).toMatchObject([{ code: 'component-missing', severity: 'warning' }]);
    expect(findings('return { a: bonus(next.swing) ?? next.mark };', bonus)).toEqual([]);
    expect(findings('return { a: bonus(next.swing) === undefined ? 0 : next.mark };', bonus)).toEqual([]);
  });
});

describe('a condition with a fault', () => {
  it.each([
    ['? :', 'return { a: next.x < 1 ? params.w : next.y };'],
    ['&&', 'return { a: next.x < 1 && params.w && next.y };'],
    ['|| in a condition', 'return { a: (next.x > 1 && params.w > 0) || next.y ? 1 : 0 };'],
    ['??', 'return { a: next.x ?? (params.w > 0 ? next.y : 1) };'],
  ])('does not hide the faults of what depends on it: %s', (_, body) => {
    const { findings } = compile(reward(body, 'export const params = { weight: 1 };\n'), crane);
    expect(findings.map(({ code }) => code)).toEqual(['unknown-field', 'unknown-param', 'unknown-field']);
  });

  it.each([
    'const k = next.x > 0 ? next.swing : 1;\nreturn { a: k > 0 && next.mark > 0 ? k : 2 * k };',
    'if (next.x > 0) return { a: 1 }; else return { a: next.mark };',
    'switch (next.x) { case 1: return { a: 1 }; default: return { a: 2 }; }',
    'let n = 0; while (n < next.x) n += 1;\nfor (let i = 0; i < n; i++) n += 2;\nreturn { n };',
  ])('is one fault where what depends on it has none', (body) => {
    expect(told(reward(body))).toEqual(['unknown-field 2']);
  });

  it('does not hide the faults of any case of a switch on it', () => {
    const body =
      'switch (next.x) {\ncase 1:\nreturn { a: next.y };\ncase 2:\nreturn { a: next.z };\n}\nreturn { a: 1 };';
    expect(told(reward(body))).toEqual(['unknown-field 2', 'unknown-field 4', 'unknown-field 6']);
  });

  it('does not hide the faults in the arguments of what is called on it', () => {
    expect(told(reward('const far = next.reach.includes(\nnext.x);\nreturn { far };'))).toEqual([
      'unknown-field 2',
      'unknown-field 3',
    ]);
  });
});

describe('the place of a warning', () => {
  const warnings = (source: string) => compile(source, crane).findings;

  it('is that of the search for numbers that `includes` compares', () => {
    const body = 'const known =\n[next.trolley, next.mark].includes(next.trolley - next.mark);\nreturn { known };';
    expect(warnings(reward(body))).toMatchObject([{ code: 'float-equality', line: 3, column: 1 }]);
  });

  it('is that of each param that has no part', () => {
    const head = 'export const params = {\nweight: 1,\ngains: {\nnear: 2, far: [3, 4],\n},\n};\n';
    const places = warnings(reward('return { a: next.swing };', head)).map(({ message, line }) => [
      message.split('`')[1],
      line,
    ]);
    expect(places).toEqual([
      ['params.weight', 2],
      ['params.gains.near', 4],
      ['params.gains.far.0', 4],
      ['params.gains.far.1', 4],
    ]);
  });

  it('is that of a return that leaves components out, once for all of them', () => {
    const body = 'if (terminated) return { end: -1 };\nreturn { near: next.mark, low: next.swing, end: 0 };';
    expect(warnings(reward(body))).toMatchObject([
      {
        code: 'component-missing',
        line: 2,
        message: 'This return leaves out the components `near`, `low`; they count 0 there.',
        advice: 'Return `near: 0, low: 0` there, too.',
      },
    ]);
  });

  it('is nowhere where text is compared with text or the false that stands for it', () => {
    const asked = "(next.swing > 0 && 'up') === 'up' ? 1 : 0";
    expect(warnings(reward(`return { a: ${asked} };`))).toEqual([]);
    expect(warnings(reward("return { a: (next.swing > 0 && 2) === 'up' ? 1 : 0 };"))).toMatchObject([
      { code: 'mixed-comparison', line: 2 },
    ]);
  });
});

describe('a caret meant as a power', () => {
  it('is refused between values of the step, and warned of with a fraction', () => {
    const [refusal] = compile(reward('return { a: Math.sqrt(next.swing ^ 2 + next.mark ^ 2) };'), crane).findings;
    expect(refusal).toMatchObject({ code: 'unsupported-syntax', line: 2 });
    expect(refusal?.advice).toContain('x ** 2');
    expect(told(reward('return { a: -(next.swing ** 2) ^ 0.5 };'))).toEqual(['xor-as-power 2']);
  });

  it('is exclusive or between flags and whole numbers, without a word', () => {
    expect(told(reward('return { a: next.hooked ^ next.touching, b: ~~next.swing, c: next.swing ^ 0 };'))).toEqual([]);
  });

  it('gives way to a shift that names the power to write', () => {
    const [refusal] = compile(reward('return { a: 1 << (next.swing % 16) };'), crane).findings;
    expect(refusal?.advice).toBe('Write x * 2 ** k.');
  });
});

describe('a field that is not there', () => {
  const advice = (name: string): string | undefined =>
    compile(reward(`return { a: next.${name} };`), crane).findings[0]?.advice;

  it('is suggested by a shared word only beside the list of fields', () => {
    expect(advice('swingSpeedy')).toMatch(/^Did you mean `swingRate` or `swing`\? Known: trolley, .*touching\.$/);
  });

  it('is suggested alone where few letters differ', () => {
    expect(advice('swingRte')).toMatch(/^Did you mean `swingRate`( or `\w+`)*\?$/);
  });
});
