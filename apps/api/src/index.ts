export { readSettings, type Settings } from './config.ts';
export { type RunningServer, startServer } from './server.ts';
