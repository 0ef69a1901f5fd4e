// A map, or one that is being made, with everything around it: head, figures, tools, legend, selection.
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EmbeddingSummary } from '../../../shared/contract/embeddings.ts';
import type { MapSummary } from '../../../shared/contract/maps.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { errorDataOf } from '../../lib/client.ts';
import { count, counted } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify } from '../../lib/state/notices.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, EmptyState, ErrorNotice, Spinner } from '../../ui/index.ts';
import { colourOf } from '../confusions/index.ts';
import { canColourBy, colourTerms, firstTerm, valueInWords } from './colour-terms.ts';
import type { MapPicture } from './export-picture.ts';
import { Head } from './Head.tsx';
import { Legend } from './Legend.tsx';
import { Making } from './Making.tsx';
import { MapStage } from './MapStage.tsx';
import { figuresOf, numberInWords, settingsInWords } from './numbers.ts';
import { SelectionPanel } from './SelectionPanel.tsx';
import { StatusLine } from './StatusLine.tsx';
import { savePicture, saveSelection } from './save-map.ts';
import { nameFont } from './scatter/overlay.ts';
import type { Scene } from './scatter/scene.ts';
import { useMapView } from './settings.ts';
import { Tools } from './Tools.tsx';
import { useMapCommands } from './use-map-commands.ts';
import { type MapPictureState, useMapPicture } from './use-map-picture.ts';
import { paperTheme, useIsDark } from './use-theme.ts';

interface MapScreenProps {
  readonly project: ProjectInfo;
  readonly embeddings: readonly EmbeddingSummary[];
  readonly embedding: EmbeddingSummary;
  readonly maps: readonly MapSummary[];
  /** Null: the map that `job` makes is in front. */
  readonly map: MapSummary | null;
  readonly job: Job | null;
}

/** What a point is coloured by, in words, where a tooltip does not say it anyway. */
function valueOfPoints({ column }: MapPictureState): ((point: number) => string) | null {
  if (!column || column.by === 'label' || column.by === 'predicted') return null;
  const { legend, values, by } = column;
  return (point) => {
    const value = values[point] ?? 0;
    if (legend.kind === 'category') return valueInWords(by, legend.values[value]?.value ?? null);
    return Number.isNaN(value) ? 'none' : numberInWords(by, value);
  };
}

function pictureOf(
  props: MapScreenProps,
  picture: MapPictureState,
  scene: Scene,
  byTitle: string,
  hasNames: boolean,
): MapPicture | null {
  const { project, map, embedding } = props;
  const { data, column } = picture;
  if (!data || !column || !map) return null;
  const theme = paperTheme();
  const measure = document.createElement('canvas').getContext('2d');
  if (measure) measure.font = nameFont(theme.font);
  const filter = useFilter.getState().text;
  const figures = figuresOf(map).map(([name, figure]) => `${name} ${figure}`);
  return {
    ...data,
    anchors: hasNames ? data.anchors : [],
    ...scene.view(),
    theme,
    scale: colourOf,
    by: column.by,
    byTitle,
    title: `${project.name}: ${settingsInWords(map.settings)} of ${map.embedding ?? embedding.name}`,
    subtitle: [...figures, ...(filter === '' ? [] : [`in colour: ${filter}`])].join(',  '),
    widthOf: (text) => measure?.measureText(text).width ?? text.length * 7,
  };
}

/** How many clips of the filter are on a map of so many, and how many cannot be. */
function shownInWords(matched: number, onMap: number, absent: number): string {
  const shown = matched === onMap ? counted(onMap, 'clip') : `${count(matched)} of ${counted(onMap, 'clip')}`;
  return absent > 0 ? `${shown}, ${count(absent)} without an embedding not on the map` : shown;
}

export function MapScreen(props: MapScreenProps) {
  const { project, embedding, maps, map, job } = props;
  const { by: chosenBy, hasNames } = useMapView();
  const by = chosenBy !== null && canColourBy(project, chosenBy) ? chosenBy : firstTerm(project);
  const picture = useMapPicture(project, map, job, by);
  const { data, column, list, matched, absent, matchedByPlace } = picture;
  const [scene, setScene] = useState<Scene | null>(null);
  const [highlight, setHighlight] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const isDark = useIsDark();
  const filter = useFilter();
  const onEnclosed = useCallback((clips: number) => {
    if (clips === 0) notify({ kind: 'done', text: 'No clip of the filter lies inside the line' });
  }, []);
  useEffect(() => {
    if (list) useSelection.getState().setList(list);
  }, [list]);
  useMapCommands({ scene, hovered, embedding: map?.embedding ?? embedding.name, list });

  const shownBy = column?.by ?? by;
  const byTitle = colourTerms(project, shownBy).find(({ id }) => id === shownBy)?.title ?? shownBy;
  const valueAt = useMemo(() => valueOfPoints(picture), [picture]);
  const stem = `${project.name} ${map ? settingsInWords(map.settings).replaceAll(',', '') : 'map'}`;
  const save = (kind: 'png' | 'svg') => {
    const made = scene && pictureOf(props, picture, scene, byTitle, hasNames);
    if (made) void savePicture(made, kind, stem);
  };

  return (
    <>
      <Head {...props} by={by} maps={maps} onPicture={data && map ? save : null} />
      {map ? <Figures map={map} /> : job && <Making job={job} hasPicture={data !== null} />}
      <div className="view-body map-body">
        <div className="map-frame">
          <div className="map-main">
            {data ? (
              <div className="map-canvas">
                <MapStage
                  data={data}
                  highlight={highlight}
                  valueAt={valueAt}
                  label={`Map of ${counted(data.points.ids.length, 'clip')} by ${byTitle}, ${counted(matched, 'clip')} in the filter`}
                  isPreview={map === null}
                  onScene={setScene}
                  onHovered={setHovered}
                  onEnclosed={onEnclosed}
                />
                <Tools scene={scene} />
                {matched === 0 && filter.text !== '' && (
                  <div className="map-none">
                    No clip on the map matches the filter{' '}
                    <Button isSmall onPress={filter.back}>
                      Filter as before
                    </Button>
                  </div>
                )}
              </div>
            ) : picture.error ? (
              <ErrorNotice error={errorDataOf(picture.error)} onRetry={picture.refetch} />
            ) : map === null ? (
              <EmptyState icon="map" title="The map is being made">
                Neighbours are found first. The picture appears with the first steps, and the rest of the
                studio goes on working.
              </EmptyState>
            ) : (
              <div className="view-pad">
                <Spinner label="Reading the points…" />
              </div>
            )}
            <StatusLine words={data && list ? shownInWords(matched, data.points.ids.length, absent) : ''} />
          </div>
          <div className="map-side side-pane">
            <SelectionPanel
              canGrow
              onSave={(ids) => {
                if (data) void saveSelection(ids, data.points, stem);
              }}
            />
            {data && (
              <Legend
                by={shownBy}
                title={byTitle}
                colouring={data.colouring}
                matched={matchedByPlace}
                isDark={isDark}
                isFixed={false}
                onHighlight={setHighlight}
              />
            )}
            {data && map && map.report.notes.length > 0 && (
              <section className="map-notes secondary small">
                {map.report.notes.map((note) => (
                  <p key={note}>{note}</p>
                ))}
              </section>
            )}
          </div>
        </div>
      </div>
    </>
  );
}

function Figures({ map }: { readonly map: MapSummary }) {
  return (
    <dl className="map-figures">
      {figuresOf(map).map(([name, figure, why]) => (
        <div key={name} title={why}>
          <dt className="secondary">{name}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
      {map.report.isStopped && (
        <div title="The picture as it was when it was stopped">
          <dt className="warn">stopped early</dt>
          <dd className="visually-hidden">yes</dd>
        </div>
      )}
    </dl>
  );
}
