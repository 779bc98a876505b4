import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BlobDirectory } from '../src/blobs.ts';

const root = mkdtempSync(join(tmpdir(), 'rewardsmith-blobs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const blobs = new BlobDirectory(join(root, 'blobs'));

it('gives back what was put, and nothing for an unknown key', async () => {
  await blobs.put('episodes/a.json', Buffer.from('one'));
  await blobs.put('episodes/a.json', Buffer.from('two'));
  expect(Buffer.from((await blobs.get('episodes/a.json')) ?? []).toString()).toBe('two');
  expect(await blobs.get('episodes/b.json')).toBeUndefined();
});

it('never mixes two writers of one key, and leaves no partial file', async () => {
  const bytes = (value: number) => new Uint8Array(200_000).fill(value);
  await Promise.all(Array.from({ length: 8 }, (_, value) => blobs.put('race/key', bytes(value))));
  const written = await blobs.get('race/key');
  expect(written).toHaveLength(200_000);
  expect(new Set(written).size).toBe(1);
  expect(readdirSync(join(root, 'blobs', 'race'))).toEqual(['key']);
});

it.each(['', '..', '../x', '/etc/passwd', 'a//b', 'a/../../b', 'a/', 'a\\b', 'a\0b', '.hidden'])(
  'refuses the key %j',
  async (key) => {
    await expect(blobs.put(key, new Uint8Array(1))).rejects.toMatchObject({ code: 'bad-blob-key' });
    await expect(blobs.get(key)).rejects.toMatchObject({ code: 'bad-blob-key' });
  },
);
