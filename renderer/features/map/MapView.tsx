// The Map view: which map is in front, or what is missing until there is one.
import { useEffect } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { errorDataOf } from '../../lib/client.ts';
import { useJobUnderWay } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { ErrorNotice, Spinner } from '../../ui/index.ts';
import { useEmbeddings } from '../embeddings/index.ts';
import { NeedsEmbedding, NeedsMap } from './Empty.tsx';
import { MapScreen } from './MapScreen.tsx';
import { showMapsWhenMade } from './making.ts';
import { useMapView } from './settings.ts';
import { useMaps } from './use-map-data.ts';

export function MapView() {
  const project = useProject();
  useEffect(() => showMapsWhenMade(), []);
  return (
    <section className="view map" aria-label="Map">
      {project && <Content project={project} />}
    </section>
  );
}

function Content({ project }: { readonly project: ProjectInfo }) {
  const embeddings = useEmbeddings();
  const maps = useMaps(true);
  const running = useJobUnderWay('map');
  const { mapId, dismissedJob } = useMapView();
  const failed = embeddings.error ?? maps.error;
  const known = embeddings.data;
  const list = maps.data;
  if (!known || !list) {
    return (
      <Plain>
        {failed ? (
          <ErrorNotice
            error={errorDataOf(failed)}
            onRetry={() => void Promise.all([embeddings.refetch(), maps.refetch()])}
          />
        ) : (
          <div className="view-pad">
            <Spinner label="Reading the maps…" />
          </div>
        )}
      </Plain>
    );
  }
  const embedding = embeddings.inUse ?? known[0];
  if (!embedding)
    return (
      <Plain>
        <NeedsEmbedding project={project} />
      </Plain>
    );
  const ofEmbedding = list.filter((map) => map.embedding === embedding.name);
  // A map that was just made may be of another embedding than the one in use; it is shown all the same.
  const chosen = list.find(({ id }) => id === mapId) ?? ofEmbedding[0] ?? null;
  const isWatching = running !== null && dismissedJob !== running.id;
  if (!chosen && !running)
    return (
      <Plain>
        <NeedsMap embedding={embedding.name} rows={embedding.rows} isReadOnly={project.isReadOnly} />
      </Plain>
    );
  return (
    <MapScreen
      project={project}
      embeddings={known}
      embedding={embedding}
      maps={chosen && !ofEmbedding.includes(chosen) ? [chosen, ...ofEmbedding] : ofEmbedding}
      map={isWatching ? null : chosen}
      job={running}
    />
  );
}

function Plain({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <header className="view-head">
        <h1>Map</h1>
      </header>
      <div className="view-body">{children}</div>
    </>
  );
}
