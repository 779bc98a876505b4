export { Client } from './client.ts';
export { demoDefaults } from './defaults.ts';
export { type ServiceProcess, startService } from './service-process.ts';
