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
});

export interface PromptIdentity {
  readonly purpose: string;
  readonly version: number;
  /** Hash of the prompt's text and its system part: it changes with every change of what a model is told. */
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
}

const liquid = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, greedy: false });

/** A block of code whose fence is longer than any run of backticks in it, so that no text can end it. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

liquid.registerFilter('fenced', fenced);

function declared(name: string, source: string, purpose: string): Template {
  const [, head, text] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? [];
  if (head === undefined || text === undefined) throw new PromptError(`${name} has no front matter`);
  const parsed = FrontMatter.safeParse(parse(head));
  if (!parsed.success) throw new PromptError(`${name}: ${z.prettifyError(parsed.error)}`);
  const { version, inputs } = parsed.data;
  if (parsed.data.purpose !== purpose)
    throw new PromptError(`${name} says it is ${parsed.data.purpose}, not ${purpose}`);
  const used = new Set(liquid.globalVariablesSync(text));
  const known = new Set(inputs);
  const undeclared = [...used].filter((input) => !known.has(input));
  const unused = inputs.filter((input) => !used.has(input));
  if (undeclared.length > 0) throw new PromptError(`${name} uses ${undeclared.join(', ')} without declaring it`);
  if (unused.length > 0) throw new PromptError(`${name} declares ${unused.join(', ')} and does not use it`);
  return { version, text, inputs: known };
}

function render(name: string, template: Template, inputs: PromptInputs): string {
  try {
    return liquid.parseAndRenderSync(template.text, inputs).trim();
  } catch (error) {
    throw new PromptError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * One purpose's prompt: a system part, which depends on the task alone and so is a prefix that providers can cache, and
 * a part that differs from call to call. Both are Liquid templates; what is put into them is never read as a template.
 */
export class Prompt {
  readonly identity: PromptIdentity;
  readonly #system: Template;
  readonly #own: Template;

  private constructor(purpose: string, system: Template, own: Template) {
    const digest = createHash('sha256').update(`${system.text}\u0000${own.text}`).digest('hex');
    this.identity = { purpose, version: own.version, hash: digest.slice(0, 16) };
    this.#system = system;
    this.#own = own;
  }

  /** Reads `role/kind.md` and `role/system.md` below a directory. */
  static async read(directory: string, role: string, kind: string): Promise<Prompt> {
    const [system, own] = await Promise.all(
      ['system', kind].map(async (name) => {
        const path = join(directory, role, `${name}.md`);
        try {
          return declared(`${role}/${name}.md`, await readFile(path, 'utf8'), `${role}.${name}`);
        } catch (error) {
          if (error instanceof PromptError) throw error;
          throw new PromptError(`the prompt ${path} cannot be read`, { cause: error });
        }
      }),
    );
    if (system === undefined || own === undefined) throw new PromptError(`${role}.${kind} is not whole`);
    return new Prompt(`${role}.${kind}`, system, own);
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
