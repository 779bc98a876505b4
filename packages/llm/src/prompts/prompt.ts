import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Message } from '../request.ts';

/** What a prompt file says of itself, between the two lines of `---` it begins with. */
const FrontMatter = z.strictObject({
  version: z.int().min(1),
  /** The role and what it is asked for, as `designer.initial`. */
  purpose: z.string().regex(/^[a-z]+\.[a-z]+$/),
  /** What the prompt is for, in a sentence. */
  description: z.string(),
  /** Every value that the text uses; no other is given to it. */
  inputs: z.array(z.string()).default([]),
  /** Files of the same role that the text includes. */
  parts: z.array(z.string().regex(/^[a-z]+$/)).default([]),
});

export interface PromptIdentity {
  readonly purpose: string;
  readonly version: number;
  /** Hash of the prompt's text, its system part, the parts they include and the words that ask for a form: it changes with every change of what a model is told. */
  readonly hash: string;
}

export interface RenderedPrompt extends PromptIdentity {
  readonly messages: readonly Message[];
}

export type PromptInputs = Readonly<Record<string, unknown>>;

/** A prompt that could not be read or rendered: a fault of a file or of its caller, never of a model. */
export class PromptError extends Error {}

interface Template {
  readonly version: number;
  readonly text: string;
  readonly inputs: ReadonlySet<string>;
  /** Texts of the files that it includes, by name. */
  readonly parts: ReadonlyMap<string, string>;
}

/** The words that ask for an answer's form: in a fence, or by a JSON schema that stands in `{{ schema }}`. */
export interface FormWords {
  readonly fenced: string;
  readonly schema: (schema: string) => string;
}

/** A block of code whose fence is longer than any run of backticks in it, so that no text can end it. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A template engine that knows some parts, and reads no file. */
function liquidWith(parts: ReadonlyMap<string, string>): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    greedy: false,
    templates: Object.fromEntries(parts),
  });
  liquid.registerFilter('fenced', fenced);
  return liquid;
}

/** Splits a file into its checked front matter and its text. */
function split(name: string, source: string, purpose: string) {
  const [, head, text] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? [];
  if (head === undefined || text === undefined) throw new PromptError(`${name} has no front matter`);
  const parsed = FrontMatter.safeParse(parse(head));
  if (!parsed.success) throw new PromptError(`${name}: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.purpose !== purpose)
    throw new PromptError(`${name} says it is ${parsed.data.purpose}, not ${purpose}`);
  return { ...parsed.data, text };
}

async function readSource(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new PromptError(`the prompt ${path} cannot be read`, { cause: error });
  }
}

/** Reads `role/kind.md` with the parts that it includes, and checks that it uses what it declares and no more. */
async function readTemplate(directory: string, role: string, kind: string): Promise<Template> {
  const name = `${role}/${kind}.md`;
  const { version, inputs, parts: wanted, text } = split(name, await readSource(directory, name), `${role}.${kind}`);
  const parts = new Map<string, string>();
  for (const part of wanted) {
    const of = split(`${role}/${part}.md`, await readSource(directory, `${role}/${part}.md`), `${role}.${part}`);
    parts.set(part, of.text.trim());
  }
  const unknown = [...text.matchAll(/{%-?\s*include\s+'(\w+)'/g)].flatMap(([, part = '']) =>
    parts.has(part) ? [] : part,
  );
  if (unknown.length > 0) throw new PromptError(`${name} includes ${unknown.join(', ')} without declaring it`);
  const used = new Set(liquidWith(parts).globalVariablesSync(text));
  const known = new Set(inputs);
  const undeclared = [...used].filter((input) => !known.has(input));
  const unused = inputs.filter((input) => !used.has(input));
  if (undeclared.length > 0) throw new PromptError(`${name} uses ${undeclared.join(', ')} without declaring it`);
  if (unused.length > 0) throw new PromptError(`${name} declares ${unused.join(', ')} and does not use it`);
  return { version, text, inputs: known, parts };
}

function render(name: string, template: Template, inputs: PromptInputs): string {
  try {
    return liquidWith(template.parts).parseAndRenderSync(template.text, inputs).trim();
  } catch (error) {
    throw new PromptError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const textsOf = ({ text, parts }: Template) => [text, ...parts.values()];

/** Reads the words that ask for the form of a role's answers: `role/form.md`, and `answer/schema.md` for all roles. */
async function readForm(directory: string, role: string): Promise<{ words: FormWords; texts: readonly string[] }> {
  const [fenced, schema] = await Promise.all([
    readTemplate(directory, role, 'form'),
    readTemplate(directory, 'answer', 'schema'),
  ]);
  return {
    words: {
      fenced: render(`${role}.form`, fenced, {}),
      schema: (text) => render('answer.schema', schema, { schema: text }),
    },
    texts: [...textsOf(fenced), ...textsOf(schema)],
  };
}

/**
 * One purpose's prompt: a system part, which depends on the task alone and so is a prefix that providers can cache, and
 * a part that differs from call to call. Both are Liquid templates; what is put into them is never read as a template.
 */
export class Prompt {
  readonly identity: PromptIdentity;
  /** The words that ask for its answer's form. */
  readonly words: FormWords;
  readonly #system: Template;
  readonly #own: Template;

  private constructor(
    purpose: string,
    system: Template,
    own: Template,
    form: { words: FormWords; texts: readonly string[] },
  ) {
    const texts = [...textsOf(system), ...textsOf(own), ...form.texts];
    const digest = createHash('sha256').update(texts.join('\u0000')).digest('hex');
    this.words = form.words;
    this.identity = { purpose, version: own.version, hash: digest.slice(0, 16) };
    this.#system = system;
    this.#own = own;
  }

  /** Reads `role/kind.md`, `role/system.md` and `role/form.md` below a directory. */
  static async read(directory: string, role: string, kind: string): Promise<Prompt> {
    const [system, own, form] = await Promise.all([
      readTemplate(directory, role, 'system'),
      readTemplate(directory, role, kind),
      readForm(directory, role),
    ]);
    return new Prompt(`${role}.${kind}`, system, own, form);
  }

  /** Fills in both parts. Throws a `PromptError` when an input is missing, or is one that neither part declares. */
  render(inputs: PromptInputs): RenderedPrompt {
    const { purpose } = this.identity;
    const known = new Set([...this.#system.inputs, ...this.#own.inputs]);
    const unknown = Object.keys(inputs).filter((name) => !known.has(name));
    const missing = [...known].filter((name) => inputs[name] === undefined);
    if (unknown.length > 0) throw new PromptError(`${purpose} has no input ${unknown.join(', ')}`);
    if (missing.length > 0) throw new PromptError(`${purpose} needs ${missing.join(', ')}`);
    return {
      ...this.identity,
      messages: [
        { role: 'system', content: render(`${purpose} (system)`, this.#system, inputs) },
        { role: 'user', content: render(purpose, this.#own, inputs) },
      ],
    };
  }
}
