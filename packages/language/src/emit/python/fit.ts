const WIDTH = 100;
const STEP = '    ';

/** Binary operators from the loosest to the tightest; each line of a broken expression begins with one. */
const operators: readonly (readonly string[])[] = [
  [' if ', ' else '],
  [' or ', ' and '],
  [' == ', ' != ', ' < ', ' <= ', ' > ', ' >= '],
  [' | '],
  [' & '],
  [' + ', ' - '],
  [' * ', ' / '],
];

/** Visits the characters that stand inside no bracket and no string. */
function outside(text: string, visit: (index: number) => void): void {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (letter === '"') quoted = !quoted;
    if (quoted) continue;
    if (letter === '(' || letter === '[' || letter === '{') depth += 1;
    else if (letter === ')' || letter === ']' || letter === '}') depth -= 1;
    else if (depth === 0) visit(index);
  }
}

/** Positions of separators that stand inside no bracket and no string. */
function positions(text: string, separators: readonly string[]): number[] {
  const at: number[] = [];
  outside(text, (index) => {
    if (separators.some((separator) => text.startsWith(separator, index))) at.push(index);
  });
  return at;
}

function cut(text: string, at: readonly number[]): string[] {
  const ends = [...at, text.length];
  return ends.map((end, index) => text.slice(index === 0 ? 0 : (ends[index - 1] ?? 0), end).trim());
}

/** The operands of the loosest operators, each but the first with its operator in front; null for anything else. */
function operands(text: string): string[] | null {
  const at = operators.map((): number[] => []);
  // In one go for all of them: what stands in brackets in brackets is gone through once for each.
  outside(text, (index) => {
    if (text[index] !== ' ') return;
    const level = operators.findIndex((each) => each.some((separator) => text.startsWith(separator, index)));
    at[level]?.push(index);
  });
  const loosest = at.find(({ length }) => length > 0);
  return loosest === undefined ? null : cut(text, loosest);
}

/** Where the bracket opens that closes at the end of the text; -1 when none does. */
function lastBracket(text: string): number {
  if (!/[)\]}]$/.test(text)) return -1;
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const letter = text[index];
    if (letter === ')' || letter === ']' || letter === '}') depth += 1;
    else if (letter === '(' || letter === '[' || letter === '{') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

const isGroup = (text: string, open: number): boolean =>
  text[open] === '(' &&
  !/[\w)\]]$/.test(text.slice(0, open)) &&
  positions(text.slice(open + 1, -1), [', ']).length === 0;

/** A subscript stays on its line: with the comma that ends a broken list of arguments, its index would be a tuple. */
const isSubscript = (text: string, open: number): boolean => text[open] === '[' && /[\w)\]]$/.test(text.slice(0, open));

/** Where an expression stands: brackets around it let it break anywhere. */
type Place = 'statement' | 'entry' | 'bracketed';

/** One expression, between what stands before and after it on its lines, as the formatters black and ruff break it. */
function layout(indent: string, head: string, text: string, tail: string, place: Place): string[] {
  if (indent.length + head.length + text.length + tail.length <= WIDTH) return [`${indent}${head}${text}${tail}`];
  const parts = operands(text);
  const [, group, method = ''] = /^(\(.*\))(\.to\(\w+\))$/.exec(text) ?? [];
  if (parts === null && group !== undefined) return insideLastBracket(indent, head, group, method + tail);
  const [, called, index = ''] = /^(.*\))(\[[^[\]]*\])$/.exec(text) ?? [];
  if (parts === null && called !== undefined) return insideLastBracket(indent, head, called, index + tail);
  if (parts === null) return insideLastBracket(indent, head, text, tail);
  if (place === 'bracketed') {
    return parts.flatMap((part, index) => {
      const [, operator = '', operand = part] = index === 0 ? [] : (/^(\S+ )(.*)$/.exec(part) ?? []);
      const isLast = index === parts.length - 1;
      return layout(indent, `${index === 0 ? head : ''}${operator}`, operand, isLast ? tail : '', 'bracketed');
    });
  }
  const [first = '', last = ''] = parts;
  const opens = lastBracket(last);
  const endsInBracket = (opens !== -1 && !isSubscript(last, opens)) || isGroup(first, lastBracket(first));
  if (place === 'statement' && parts.length === 2 && endsInBracket) {
    const hugged = insideBrackets(indent, head, text, tail);
    if (hugged.every((line) => line.length <= WIDTH)) return hugged;
  }
  return [`${indent}${head}(`, ...layout(indent + STEP, '', text, '', 'bracketed'), `${indent})${tail}`];
}

/** Breaks inside the bracket that ends a text: its contents on one line where they fit, else one line an argument. */
function insideLastBracket(indent: string, head: string, text: string, tail: string): string[] {
  const open = lastBracket(text);
  if (open === -1 || isSubscript(text, open)) return [`${indent}${head}${text}${tail}`];
  const start = `${indent}${head}${text.slice(0, open + 1)}`;
  return [start, ...contents(indent + STEP, text, open), `${indent}${text.at(-1)}${tail}`];
}

/** What stands in the bracket that ends a text, broken into lines. */
function contents(indent: string, text: string, open: number): string[] {
  const inner = text.slice(open + 1, -1);
  if (isGroup(text, open)) return layout(indent, '', inner, '', 'bracketed');
  if (indent.length + inner.length <= WIDTH) return [indent + inner];
  const loops = positions(inner, [' for ']);
  if (loops.length > 0) return cut(inner, loops).flatMap((part) => layout(indent, '', part, '', 'bracketed'));
  const list = cut(inner, positions(inner, [', '])).map((part) => part.replace(/^,\s*/, ''));
  return list.flatMap((part) => argument(indent, part));
}

/** Breaks inside one bracket after the other, from the left: those behind which the text up to the next does not fit. */
function insideBrackets(indent: string, head: string, text: string, tail: string): string[] {
  const lines: string[] = [];
  let line = indent + head;
  let at = 0;
  const brackets = outermost(text);
  for (const [index, { open, close }] of brackets.entries()) {
    const next = brackets[index + 1]?.open;
    const upToNext = next === undefined ? text.slice(at) + tail : text.slice(at, next + 1);
    if (line.length + upToNext.length <= WIDTH) line += text.slice(at, close + 1);
    else {
      lines.push(line + text.slice(at, open + 1), ...contents(indent + STEP, text.slice(0, close + 1), open));
      line = indent + text.charAt(close);
    }
    at = close + 1;
  }
  return [...lines, line + text.slice(at) + tail];
}

/** The brackets of a text that stand in no other one. */
function outermost(text: string): readonly { readonly open: number; readonly close: number }[] {
  const found: { open: number; close: number }[] = [];
  let depth = 0;
  let quoted = false;
  for (const [index, letter] of [...text].entries()) {
    if (letter === '"') quoted = !quoted;
    if (quoted) continue;
    if ('([{'.includes(letter) && depth++ === 0) found.push({ open: index, close: index });
    const last = found.at(-1);
    if (')]}'.includes(letter) && --depth === 0 && last !== undefined) last.close = index;
  }
  return found;
}

function argument(indent: string, part: string): string[] {
  const [, name = '', value = part] = /^(\w+=)(.*)$/.exec(part) ?? [];
  return layout(indent, name, value, ',', operands(value) === null ? 'entry' : 'bracketed');
}

/** Comments and the texts of docstrings, broken between words. */
export function wrapped(text: string, indent: string, further = indent): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const before = lines.length === 0 ? indent : further;
    if (line !== '' && before.length + line.length + 1 + word.length > WIDTH) {
      lines.push(before + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '' || lines.length === 0) lines.push((lines.length === 0 ? indent : further) + line);
  return lines.map((each) => each.trimEnd());
}

/** Breaks a line of Python that is too long. */
export function fit(line: string): string[] {
  if (line.length <= WIDTH || line.includes('\n')) return line.split('\n');
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const rest = line.slice(indent.length);
  if (rest.startsWith('# ')) return wrapped(rest.slice(2), `${indent}# `);
  if (rest.startsWith('"""')) return [line];
  if (rest.startsWith('def ')) {
    const [, text = rest, tail = ''] = /^(.*\))( ->.*)?:$/.exec(rest) ?? [];
    return insideLastBracket(indent, '', text, `${tail}:`);
  }
  const entry = /^(\s*"\w+": )(.*),$/.exec(line);
  if (entry !== null) return layout(indent, entry[1]?.trimStart() ?? '', entry[2] ?? '', ',', 'entry');
  const condition = /^((?:if|elif) )(.*)(:)$/.exec(rest);
  const statement = condition ?? /^((?:[\w.]+(?:\["\w+"\])? [-+*/]?= |return )?)(.*?)()$/.exec(rest);
  return layout(indent, statement?.[1] ?? '', statement?.[2] ?? rest, statement?.[3] ?? '', 'statement');
}
