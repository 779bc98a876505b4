export { readSettings, type Settings } from './config.ts';
export { modelSource } from './model-source.ts';
export { type RunningServer, startServer } from './server.ts';
