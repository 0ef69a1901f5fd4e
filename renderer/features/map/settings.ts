// How maps are looked at: remembered on this machine. What a map was made with is kept with the map.
import { create } from 'zustand';
import { type MapSettings, mapSettings as mapSettingsShape } from '../../../shared/domain/embedding.ts';
import { remember, remembered } from '../../lib/storage.ts';

export type Tool = 'move' | 'lasso' | 'box';

interface MapViewSettings {
  /** A term of the filter language; null = what the project offers first. */
  readonly by: string | null;
  readonly hoverPlays: boolean;
  readonly hasNames: boolean;
  /** Times the size that fits the number of points. */
  readonly pointFactor: number;
  readonly tool: Tool;
}

interface MapViewState extends MapViewSettings {
  /** The map looked at; null = the newest of the embedding in use. Not remembered: maps belong to a project. */
  readonly mapId: number | null;
  readonly newMap: MapSettings;
  /** A map under way that is not looked at: another one was chosen meanwhile. */
  readonly dismissedJob: string | null;
}

const first: MapViewSettings = { by: null, hoverPlays: true, hasNames: true, pointFactor: 1, tool: 'move' };

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

const savedSettings = mapSettingsShape.safeParse(remembered('map.new', {}, isRecord));

export const useMapView = create<MapViewState>(() => ({
  ...first,
  ...remembered<Partial<MapViewSettings>>('map', {}, isRecord),
  tool: 'move',
  mapId: null,
  dismissedJob: null,
  newMap: savedSettings.success ? savedSettings.data : mapSettingsShape.parse({}),
}));

export function changeMapView(part: Partial<MapViewState>): void {
  useMapView.setState(part);
  const { by, hoverPlays, hasNames, pointFactor, newMap } = useMapView.getState();
  remember('map', { by, hoverPlays, hasNames, pointFactor });
  remember('map.new', newMap);
}
