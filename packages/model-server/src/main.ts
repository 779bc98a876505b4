import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { ScriptInput } from './script.ts';
import { type ModelServerOptions, startModelServer } from './server.ts';

/** A script of rules, a recorded conversation, or the default export of a module: a function from a request to an answer. */
async function readScript(file: string): Promise<ModelServerOptions['script']> {
  if (!/\.[mc]?[jt]s$/.test(file)) return JSON.parse(await readFile(file, 'utf8')) as ScriptInput;
  const { default: answer } = (await import(pathToFileURL(resolve(file)).href)) as { default: unknown };
  if (typeof answer !== 'function') throw new TypeError(`${file} has no function as its default export`);
  return answer as Extract<ModelServerOptions['script'], (...request: never[]) => unknown>;
}

const program = new Command('model-server')
  .description('An OpenAI-compatible server that answers, and misbehaves, by script.')
  .requiredOption(
    '--script <file>',
    'rules as JSON, a conversation exported by rewardsmith replay --record, or a module whose default export answers requests',
  )
  .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', Number, 8089)
  .action(async ({ script, port }: { script: string; port: number }) => {
    const server = await startModelServer({ script: await readScript(script), port });
    process.stdout.write(
      [
        `OPENAI_BASE_URL=${server.url}`,
        'OPENAI_API_KEY=any',
        `what it has counted: ${new URL('/account', server.url).href}`,
        `what it was asked:   ${new URL('/requests', server.url).href}`,
        '',
      ].join('\n'),
    );
    process.once('SIGINT', () => void server.close());
    process.once('SIGTERM', () => void server.close());
  });

await program.parseAsync();
