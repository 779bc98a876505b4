import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { ScriptInput } from './script.ts';
import { startModelServer } from './server.ts';

const program = new Command('model-server')
  .description('An OpenAI-compatible server that answers, and misbehaves, by script.')
  .requiredOption('--script <file>', 'rules as JSON, or a conversation exported by rewardsmith replay --record')
  .option('--port <n>', 'port on 127.0.0.1; 0 takes a free one', Number, 8089)
  .action(async ({ script, port }: { script: string; port: number }) => {
    const server = await startModelServer({
      script: JSON.parse(await readFile(script, 'utf8')) as ScriptInput,
      port,
    });
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
