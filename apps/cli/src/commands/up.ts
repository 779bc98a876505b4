import { readSettings, startServer } from '@rewardsmith/api';
import closeWithGrace from 'close-with-grace';

/** Runs the embedded service in the foreground until it is told to stop. */
export async function up(options: { readonly port: number; readonly data: string }): Promise<void> {
  const settings = readSettings(process.env);
  const server = await startServer({ ...settings, REWARDSMITH_PORT: options.port, REWARDSMITH_DATA: options.data });
  process.stderr.write(`listening on ${server.address}; ${server.address}/docs describes the calls\n`);
  closeWithGrace(() => server.close());
}
