import type { Environment } from '@rewardsmith/contracts';
import type { RewardProgram } from '../ir/program.ts';
import { rootsOf } from '../ir/program.ts';
import { reachable } from '../ir/reachable.ts';
import { javascriptLibrary } from '../library/javascript.ts';
import { javascriptCheck } from './javascript-check.ts';

/**
 * The program itself as an ES module, for a trainer in JavaScript: its own text, after what it uses of the standard
 * library and before the environment's constants and a self-check. Imports nothing.
 */
export function emitJavaScript(program: RewardProgram): string {
  const declared = (name: string): boolean => new RegExp(`\\b(function|const|let)\\s+${name}\\b`).test(program.module);
  const library = libraryTexts(program.module).filter(([name]) => !declared(name));
  const comment = '// The standard library of the reward language, as far as this program uses it.';
  const env = declared('env') ? 'environmentConstants' : 'env';
  return `${[
    header(program, env),
    ...(library.length === 0 ? [] : [[comment, ...library.map(([, text]) => text)].join('\n')]),
    program.module.trim(),
    constants(program.environment, env),
    javascriptCheck(program, env),
  ].join('\n\n')}\n`;
}

/** The parts of the standard library whose names a text holds, with what they need in front of them. */
function libraryTexts(text: string): readonly (readonly [string, string])[] {
  const used = new Set<string>();
  const add = (name: string): void => {
    for (const need of javascriptLibrary.get(name)?.needs ?? []) add(need);
    used.add(name);
  };
  for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) if (javascriptLibrary.has(word)) add(word);
  return [...used].map((name) => [name, javascriptLibrary.get(name)?.text ?? '']);
}

function header(program: RewardProgram, env: string): string {
  const { environment, entry, components, graph } = program;
  const inputs = reachable(rootsOf(program)).flatMap((node) => (node.op === 'input' ? [node] : []));
  const fields = inputs.map(({ role, field: name, type }) => {
    const field = environment.observation.find((each) => each.name === name);
    const shape = type.length === null ? 'scalar' : `${type.length} entries`;
    const unit = field === undefined || field.unit === '1' ? '' : `, ${field.unit}`;
    const about = field === undefined || field.description === '' ? '' : `: ${field.description}`;
    return `   ${field === undefined ? role : `${role}.${name}`}  ${shape}${unit}${about}`;
  });
  const memory = program.memory.size > 0 ? ', memory' : '';
  const lines = [
    `Reward for ${environment.name}.`,
    '',
    `Task: ${environment.description}`,
    '',
    `Call once per step: ${entry}({ obs, action, next, terminated, truncated, ${env === 'env' ? 'env' : `env: ${env}`}, params${memory} }).`,
    ...(memory === '' ? [] : ['Hand on the memory it returns; begin every episode with the exported one.']),
    '',
    'Reads:',
    ...(fields.length === 0 ? ['   nothing of the step'] : fields),
    '',
    `Components: ${components.join(', ')}. ${graph.ownTotal ? 'The total is its own expression.' : 'The total is their sum.'}`,
  ];
  return ['/**', ...lines.map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd()), ' */'].join('\n');
}

function constants(environment: Environment, name: string): string {
  const entries = Object.entries(environment.constants).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  const comment = "/** The environment's constants. */";
  return entries.length === 0
    ? `${comment}\nexport const ${name} = {};`
    : [comment, `export const ${name} = {`, ...entries, '};'].join('\n');
}
