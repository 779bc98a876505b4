import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { useService } from './service.ts';

const service = useService();

it('/openapi.json is valid OpenAPI 3.1 that describes every route and its problems', async () => {
  const document = JSON.parse((await service.call('/openapi.json')).body);
  const paths = Object.keys(document.paths).sort();
  const operations = Object.values<Record<string, { responses: object }>>(document.paths).flatMap(Object.values);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(validator.version).toBe('3.1');
  expect(paths).toEqual([
    '/healthz',
    '/readyz',
    '/v1/candidates/{id}',
    '/v1/environments',
    '/v1/rewards/check',
    '/v1/rewards/export',
    '/v1/rewards/label',
    '/v1/rewards/measure',
    '/v1/tasks',
    '/v1/tasks/{id}',
    '/v1/tasks/{id}/cancel',
    '/v1/tasks/{id}/candidates',
    '/v1/tasks/{id}/conversation',
    '/v1/tasks/{id}/events',
    '/v1/tasks/{id}/pause',
    '/v1/tasks/{id}/resume',
    '/v1/tasks/{id}/reward',
  ]);
  for (const { responses } of operations) {
    expect(responses).toMatchObject({ default: { content: { 'application/problem+json': {} } } });
  }
});

it('/docs and everything it loads come from the service itself', async () => {
  const page = await service.call('/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  const parts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(parts.length).toBeGreaterThan(4);
  for (const address of parts) {
    expect(address).toMatch(/^\/docs\//);
    expect((await service.call(address)).status, address).toBe(200);
  }
  expect((await service.call('/docs/json')).body).toBe((await service.call('/openapi.json')).body);
});
