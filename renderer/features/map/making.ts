// Making maps: starting them, and a map that follows an embedding as soon as that is there.
import { type BuiltinModel, type MapSettings, mapSettings } from '../../../shared/domain/embedding.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { onJobEnded } from '../../lib/events.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { changeMapView } from './settings.ts';

function mapIdOf(result: unknown): number | null {
  const id = typeof result === 'object' && result !== null ? (result as { map?: unknown }).map : null;
  return typeof id === 'number' ? id : null;
}

/** Shows each map that comes to its end while the view is open. Returns the function that stops it. */
export function showMapsWhenMade(): () => void {
  return onJobEnded(async ({ id: jobId, kind, state }) => {
    if (kind !== 'map' || state !== 'succeeded') return;
    try {
      // Events tell of jobs without their results.
      const id = mapIdOf((await client.jobs.get({ id: jobId })).result);
      if (id !== null) changeMapView({ mapId: id });
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  });
}

/** @returns whether it began; a failure is said. */
export async function startMap(embedding: string | null, settings: MapSettings): Promise<boolean> {
  try {
    await client.maps.start({ embedding, settings });
    return true;
  } catch (error) {
    notifyError(errorDataOf(error));
    return false;
  }
}

/** Makes an embedding, and the first map of it once it is there, whichever view is open by then. */
export async function makeEmbeddingAndMap(model: BuiltinModel): Promise<void> {
  try {
    const { jobId } = await client.embeddings.make({ name: model, model });
    const stop = onJobEnded((job) => {
      if (job.id !== jobId) return;
      stop();
      if (job.state === 'succeeded') void startMap(model, mapSettings.parse({}));
    });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

export async function attempt(task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}
