export { Client } from './client.ts';
export { demoDefaults } from './defaults.ts';
export { parityText } from './parity.ts';
export { type ServiceProcess, startService } from './service-process.ts';
