// The sample as it is after a first hour: with an embedding and a map, asked for behind the window.
import { expect } from '@playwright/test';
import { mapSettings } from '../../shared/domain/embedding.ts';
import type { Studio } from '../fixtures/studio.ts';

async function endOf({ client }: Studio, jobId: string): Promise<void> {
  await expect
    .poll(async () => (await client.jobs.get({ id: jobId })).state, { timeout: 60_000 })
    .toBe('succeeded');
}

/** Opens it once; the calls after the first do nothing. */
export async function openMappedSample(studio: Studio): Promise<void> {
  const { client } = studio;
  const { jobId } = await client.project.openSample();
  if (jobId === null) return;
  await endOf(studio, jobId);
  await endOf(studio, (await client.embeddings.make({ name: 'sounds', model: 'acoustic-1' })).jobId);
  const settings = mapSettings.parse({ method: 'tsne', iterations: 400 });
  await endOf(studio, (await client.maps.start({ embedding: 'sounds', settings })).jobId);
}
