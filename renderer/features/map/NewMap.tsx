// "New map…": the method and its settings, each with what it does, and the button that makes it.
import { useState } from 'react';
import {
  type MapMethod,
  type MapSettings,
  type Metric,
  mapMethods,
  mapSettings,
  mapTitles,
  usualIterations,
} from '../../../shared/domain/embedding.ts';
import { Button, Dialog, NumberField, SegmentedControl } from '../../ui/index.ts';
import { startMap } from './making.ts';
import { changeMapView, useMapView } from './settings.ts';

const methods = mapMethods.map((id) => ({ id, title: mapTitles[id] }));
const metrics: readonly { readonly id: Metric; readonly title: string }[] = [
  { id: 'cosine', title: 'Cosine' },
  { id: 'euclidean', title: 'Euclidean' },
];

const about: Readonly<Record<MapMethod, string>> = {
  tsne: 'Keeps neighbours together best: for what lies near an error. Distances between islands say little.',
  umap: 'A quick look: faster on many clips, keeps fewer true neighbours than t-SNE.',
  pca: 'The two directions of largest variance: instant and straight, but classes overlap.',
};

interface NewMapProps {
  readonly embedding: string;
  readonly rows: number;
  readonly isDisabled: boolean;
}

export function NewMapButton(props: NewMapProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button icon="plus" isDisabled={props.isDisabled} onPress={() => setIsOpen(true)}>
        New map…
      </Button>
      {isOpen && <NewMap {...props} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function NewMap({ embedding, rows, onClose }: NewMapProps & { readonly onClose: () => void }) {
  const settings = useMapView((state) => state.newMap);
  const { method, perplexity, neighbours, minDist, metric, seed, iterations } = settings;
  const change = (part: Partial<MapSettings>) => changeMapView({ newMap: { ...settings, ...part } });
  const highest = Math.max(2, Math.floor((rows - 1) / 3));
  const start = async () => {
    if (await startMap(embedding, mapSettings.parse(settings))) onClose();
  };
  return (
    <Dialog
      title="New map"
      size="small"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button tone="quiet" onPress={() => change(mapSettings.parse({ method }))}>
            Usual settings
          </Button>
          <Button tone="primary" onPress={() => void start()}>
            Make the map
          </Button>
        </>
      }
    >
      <SegmentedControl
        label="Method"
        options={methods}
        value={method}
        onChange={(next) => change({ method: next, iterations: null })}
      />
      <p className="secondary map-new-about">{about[method]}</p>
      <div className="map-new-fields">
        {method === 'tsne' && (
          <NumberField
            label="Perplexity"
            value={perplexity}
            onChange={(next) => change({ perplexity: next })}
            min={1}
            max={1000}
            description={
              perplexity > highest
                ? `At most ${highest} for ${rows} clips, and so much is taken`
                : 'About how many neighbours each point minds: small for fine islands, large for the whole'
            }
          />
        )}
        {method === 'umap' && (
          <>
            <NumberField
              label="Neighbours"
              value={neighbours}
              onChange={(next) => change({ neighbours: next })}
              min={2}
              max={200}
              description="Of each point: small for fine islands, large for the whole"
            />
            <NumberField
              label="Smallest distance"
              value={minDist}
              onChange={(next) => change({ minDist: next })}
              min={0}
              max={0.99}
              step={0.01}
              description="How close points may come: 0 packs islands tight"
            />
          </>
        )}
        {method !== 'pca' && (
          <>
            <NumberField
              label="Steps"
              value={iterations ?? usualIterations(method, rows)}
              onChange={(next) =>
                change({ iterations: next === usualIterations(method, rows) ? null : next })
              }
              min={50}
              max={10_000}
              step={50}
              description="It shows itself while it runs and can be stopped early"
            />
            <NumberField
              label="Seed"
              value={seed}
              onChange={(next) => change({ seed: next })}
              min={0}
              max={4_294_967_295}
              description="The same seed gives the same map"
            />
          </>
        )}
      </div>
      <div className="map-new-row">
        <span>Distance</span>
        <SegmentedControl
          label="Distance of two clips"
          options={metrics}
          value={metric}
          onChange={(next) => change({ metric: next })}
        />
      </div>
    </Dialog>
  );
}
