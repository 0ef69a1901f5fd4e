// The line above the map: which embedding and map, what colours mean, whether pointing plays, and what can be saved.
import { useState } from 'react';
import type { EmbeddingSummary } from '../../../shared/contract/embeddings.ts';
import type { MapSummary } from '../../../shared/contract/maps.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { client } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { counted, when } from '../../lib/format.ts';
import { Button, Dialog, IconButton, IconToggle, Menu, Select, TextField } from '../../ui/index.ts';
import { colourTerms, termProblem } from './colour-terms.ts';
import { attempt } from './making.ts';
import { NewMapButton } from './NewMap.tsx';
import { settingsInWords } from './numbers.ts';
import { saveMapFile } from './save-map.ts';
import { changeMapView, useMapView } from './settings.ts';

const OTHER = '\u0000other';
const JOB = 'job';

interface HeadProps {
  readonly project: ProjectInfo;
  readonly embeddings: readonly EmbeddingSummary[];
  readonly embedding: EmbeddingSummary;
  /** Of this embedding, newest first. */
  readonly maps: readonly MapSummary[];
  readonly map: MapSummary | null;
  readonly job: Job | null;
  /** Term that the points are coloured by. */
  readonly by: string;
  readonly onPicture: ((kind: 'png' | 'svg') => void) | null;
}

export function Head(props: HeadProps) {
  const { project, embeddings, embedding, maps, map, job, by, onPicture } = props;
  const { hoverPlays } = useMapView();
  const [isTyping, setIsTyping] = useState(false);
  return (
    <header className="view-head">
      <h1>Map</h1>
      {embeddings.length > 1 && (
        <div className="map-choice">
          <Select
            label="Embedding"
            isLabelHidden
            options={embeddings.map(({ name, rows }) => ({
              id: name,
              title: name,
              detail: counted(rows, 'clip'),
            }))}
            value={embedding.name}
            onChange={(name) => {
              changeMapView({ mapId: null });
              void attempt(() => client.embeddings.use({ name }));
            }}
            isDisabled={project.isReadOnly}
          />
        </div>
      )}
      {(maps.length > 0 || job) && (
        <div className="map-choice map-choice-wide">
          <Select
            label="Map"
            isLabelHidden
            options={[
              ...(job ? [{ id: JOB, title: 'Being made', detail: job.title }] : []),
              ...maps.map(({ id, settings, createdAt }) => ({
                id: String(id),
                title: settingsInWords(settings),
                detail: when(createdAt),
              })),
            ]}
            value={map ? String(map.id) : JOB}
            onChange={(id) =>
              changeMapView(
                id === JOB ? { dismissedJob: null } : { mapId: Number(id), dismissedJob: job?.id ?? null },
              )
            }
          />
        </div>
      )}
      <div className="map-choice map-colour">
        <span className="secondary" aria-hidden="true">
          colour
        </span>
        <Select
          label="Colour by"
          isLabelHidden
          options={[...colourTerms(project, by), { id: OTHER, title: 'another term…' }]}
          value={by}
          onChange={(term) => {
            if (term === OTHER) setIsTyping(true);
            else changeMapView({ by: term });
          }}
          isDisabled={map === null}
        />
      </div>
      <IconToggle
        icon="volume"
        word="hover plays"
        title="A clip plays when the pointer rests on it or the arrow keys come to it"
        keys={keysInWords('map.hover-plays')}
        isOn={hoverPlays}
        onChange={(isOn) => changeMapView({ hoverPlays: isOn })}
      />
      <span className="map-head-gap" />
      <NewMapButton
        embedding={embedding.name}
        rows={embedding.rows}
        isDisabled={project.isReadOnly || job !== null}
      />
      <Menu
        label="Save the map"
        groups={[
          {
            title: 'Picture, as it is on the screen',
            entries: [
              {
                id: 'png',
                title: 'PNG at print size',
                icon: 'export',
                isDisabled: !onPicture,
                run: () => onPicture?.('png'),
              },
              {
                id: 'svg',
                title: 'SVG',
                icon: 'export',
                isDisabled: !onPicture,
                run: () => onPicture?.('svg'),
              },
            ],
          },
          {
            title: 'Coordinates of every point',
            entries: (
              [
                ['npy', 'NumPy array (.npy)'],
                ['csv', 'CSV with paths and labels'],
                ['projector', 'TensorBoard projector (.zip)'],
              ] as const
            ).map(([format, title]) => ({
              id: format,
              title,
              icon: 'table' as const,
              isDisabled: map === null,
              run: () => {
                if (map) void saveMapFile(map.id, format);
              },
            })),
          },
          {
            entries: [
              {
                id: 'remove',
                title: 'Remove this map',
                detail: 'the same settings make it again',
                icon: 'close',
                isDisabled: map === null || project.isReadOnly,
                run: () => {
                  if (map) void attempt(() => client.maps.remove({ id: map.id }));
                },
              },
            ],
          },
        ]}
      >
        <IconButton icon="export" title="Save or remove the map" />
      </Menu>
      {isTyping && <TermDialog by={by} onClose={() => setIsTyping(false)} />}
    </header>
  );
}

function TermDialog({ by, onClose }: { readonly by: string; readonly onClose: () => void }) {
  const [text, setText] = useState(by);
  const problem = text.trim() === '' ? 'Type a term.' : termProblem(text.trim());
  const apply = () => {
    if (problem !== null) return;
    changeMapView({ by: text.trim() });
    onClose();
  };
  return (
    <Dialog
      title="Colour by a term"
      size="small"
      isOpen
      onClose={onClose}
      actions={
        <Button tone="primary" isDisabled={problem !== null} onPress={apply}>
          Colour
        </Button>
      }
    >
      <TextField
        label="Term of the filter language"
        value={text}
        onChange={setText}
        onSubmit={apply}
        error={text.trim() === '' ? null : problem}
        autoFocus
        description="Such as p(four), predicted(&quot;another run&quot;), clippedSamples or leadingSilenceSec"
      />
    </Dialog>
  );
}
