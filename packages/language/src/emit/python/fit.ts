const width = 100;
const step = '    ';

/** Where a text can be broken: positions of separators that stand inside no bracket and no string. */
function breaks(text: string, separators: readonly string[]): number[] {
  const at: number[] = [];
  let depth = 0;
  let quote = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (letter === '"') quote = !quote;
    if (quote) continue;
    if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    else if (depth === 0 && separators.some((separator) => text.startsWith(separator, index))) at.push(index);
  }
  return at;
}

function pieces(text: string, at: readonly number[]): string[] {
  const ends = [...at, text.length];
  return ends.map((end, index) => text.slice(index === 0 ? 0 : (ends[index - 1] ?? 0), end).trim());
}

/** Separators from the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  [' if ', ' else '],
  [' or '],
  [' and '],
  [' | '],
  [' & '],
  [' + ', ' - '],
  [' * ', ' / '],
];

/** Breaks a line of Python that is too long, inside brackets, at its loosest operators or between its arguments. */
export function fit(line: string): string[] {
  if (line.length <= width || line.trimStart().startsWith('#') || line.includes('\n')) return line.split('\n');
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  if (/^\s*(if|elif|else|with|def|for)\b.*:$/.test(line)) return condition(line, indent);
  const parts = /^(\s*(?:[\w.]+(?:\["\w+"\])? = |"\w+": |return |[-+*/|&] |and |or |if |else |))(.*?)(,?)$/.exec(line);
  const [, head = '', body = '', tail = ''] = parts ?? [];
  for (const separators of levels) {
    const at = breaks(body, separators);
    if (at.length === 0) continue;
    const lines = pieces(body, at).map((part) => `${indent}${step}${part}`);
    return [`${head}(`, ...lines.flatMap(fit), `${indent})${tail}`];
  }
  const open = opening(body);
  if (open === -1) return [line];
  const inner = body.slice(open + 1, -1);
  const deeper = `${indent}${step}`;
  const end = `${indent}${body.at(-1)}${tail}`;
  const start = `${head}${body.slice(0, open + 1)}`;
  const isGroup = body[open] === '(' && !/[\w)\]]/.test(body[open - 1] ?? ' ') && breaks(inner, [', ']).length === 0;
  if (isGroup) return [start, ...fit(`${deeper}${inner}`), end];
  if (breaks(inner, [' for ']).length > 0) {
    return [start, ...pieces(inner, breaks(inner, [' for '])).flatMap((part) => fit(`${deeper}${part}`)), end];
  }
  const list = pieces(inner, breaks(inner, [', '])).map((part) => part.replace(/^,\s*/, ''));
  return [start, ...list.flatMap((part) => fit(`${deeper}${part},`)), end];
}

/** Where the bracket opens that closes at the end of the text; -1 when none does. */
function opening(text: string): number {
  if (!/[)\]]$/.test(text)) return -1;
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const letter = text[index] ?? '';
    if (')]}'.includes(letter)) depth += 1;
    else if ('([{'.includes(letter)) depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

/** A condition that is too long gets brackets around it. */
function condition(line: string, indent: string): string[] {
  const [, word, test] = /^\s*(if|elif) (.*):$/.exec(line) ?? [];
  if (word === undefined || test === undefined) return [line];
  for (const separators of [[' or '], [' and ']]) {
    const at = breaks(test, separators);
    if (at.length === 0) continue;
    return [`${indent}${word} (`, ...pieces(test, at).map((part) => `${indent}${step}${part}`), `${indent}):`];
  }
  return [line];
}
