import type { Environment, Kernel } from '@rewardsmith/contracts';
import { columnLayout, fieldSize } from '@rewardsmith/contracts';
import type { Rollout } from '@rewardsmith/rollouts';

/** The two labels that a raw program fills. */
const outputs = ['raw', 'total'] as const;

/**
 * Arbitrary JavaScript as a kernel, for tests of the walls behind the language: the text is the body of a function,
 * which runs once; a `reward` that it declares is then called with every step. The text may well break out of the
 * function, and is welcome to.
 */
export function rawKernel(source: string, environment: Environment): Kernel {
  const columns = columnLayout(environment);
  const place = (role: string, field: string) =>
    columns.findIndex((column) => column.role === role && column.field === field);
  const fields = (role: 'obs' | 'next') =>
    environment.observation.map((field) => {
      const first = place(role, field.name);
      const entries = Array.from({ length: fieldSize(field) }, (_, index) => `$columns[${first + index}][$step]`);
      return `${field.name}: ${field.shape.length === 0 ? entries[0] : `[${entries.join(', ')}]`}`;
    });
  const call = `const $result = reward({
    obs: { ${fields('obs').join(', ')} }, next: { ${fields('next').join(', ')} },
    action: $columns[${place('action', '')}][$step],
    terminated: $columns[${place('terminated', '')}][$step] === 1,
    truncated: $columns[${place('truncated', '')}][$step] === 1,
    env: ${JSON.stringify(environment.constants)}, params: typeof params === 'undefined' ? {} : params,
  });
  let $total = 0;
  if (typeof $result === 'number') $total = $result;
  else for (const $name in $result) if (typeof $result[$name] === 'number') $total += $result[$name];
  $outputs[0][$step] = $outputs[1][$step] = $total;`;
  return {
    source: `function ($columns, $offsets, $episodes, $params, $outputs) {
${withoutExports(source)}
;if (typeof reward === 'function') for (let $step = 0; $step < $offsets[$episodes]; $step += 1) { ${call} }
}`,
    columns,
    params: [],
    outputs,
  };
}

/**
 * The same for a runner's own realm, where a script is run and what it comes to waited for. For a `reward` that it declares there is then a
 * function `$label`, which calls it with every step of the rollout and waits for what each call comes to: a declaration, which leaves the
 * script's own value as it is. What comes before it keeps a directive from binding that to the script.
 */
export function rawScript(source: string, rollout: Rollout): string {
  const script = withoutExports(source);
  if (!/\breward\b/.test(script)) return script;
  const kernel = rawKernel('', rollout.environment);
  const columns = rollout.columns.map((column) => `[${column}]`);
  const outputs = kernel.outputs.map(() => '[]');
  return `0;${script}
;function $label() {
  if (typeof reward !== 'function') return;
  const $reward = reward, $results = [];
  {
    const reward = ($step) => { const $result = $reward($step); $results.push($result); return $result; };
    (${kernel.source})([${columns}], [${rollout.episodeOffsets}], ${rollout.episodes}, [], [${outputs}]);
  }
  return Promise.all($results);
}`;
}

function withoutExports(source: string): string {
  return source.replaceAll(/^[ \t]*export\s+(default\s+)?/gm, '');
}
