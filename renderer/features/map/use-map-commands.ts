// The map's keys. Arrow keys and Enter are the stage's own (MapStage.tsx).
import { client, errorDataOf } from '../../lib/client.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { counted } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { actionTarget, useSelection } from '../../lib/state/selection.ts';
import { inListOrder, player } from '../player/index.ts';
import type { Scene } from './scatter/scene.ts';
import { changeMapView, type Tool, useMapView } from './settings.ts';
import { changePointFactor, POINT_STEP, ZOOM_STEP } from './Tools.tsx';

const MOST_GROWN = 100_000;

/** Adds the clips nearest to the selection, as many as it holds; of the filter, because the others are not in sight. */
async function growByNeighbours(embedding: string, list: Int32Array): Promise<void> {
  const ids = [...actionTarget()];
  try {
    const { added } = await client.embeddings.grow({
      embedding,
      ids,
      count: Math.min(MOST_GROWN, ids.length),
    });
    const inFilter = new Set(list);
    const taken = added.filter((id) => inFilter.has(id));
    useSelection.getState().select([...ids, ...taken]);
    const left = added.length - taken.length;
    notify({
      kind: 'done',
      text: `${counted(taken.length, 'nearest clip')} added${left > 0 ? `; ${counted(left, 'clip')} outside the filter left out` : ''}`,
    });
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

const toolTitles: readonly (readonly [Tool, string, string])[] = [
  ['move', 'Move the map', 'V'],
  ['lasso', 'Lasso', 'O'],
  ['box', 'Box', 'B'],
];

interface MapCommandsInput {
  readonly scene: Scene | null;
  /** Clip under the pointer. */
  readonly hovered: number | null;
  readonly embedding: string;
  readonly list: Int32Array | null;
}

export function useMapCommands({ scene, hovered, embedding, list }: MapCommandsInput): void {
  const group = 'Map';
  const hasScene = () => scene !== null;
  const { hasNames, hoverPlays } = useMapView();
  const builtIn = (id: string, title: string, keys: readonly string[]): Command => ({
    id,
    title,
    group,
    keys,
    isBuiltIn: true,
    run: () => {},
  });
  useCommands([
    ...toolTitles.map(([tool, title, key]) => ({
      id: `map.tool.${tool}`,
      title,
      group,
      keys: [key],
      run: () => changeMapView({ tool }),
    })),
    {
      id: 'map.zoom-in',
      title: 'Zoom in',
      group,
      keys: ['Plus', '='],
      when: hasScene,
      isRepeating: true,
      run: () => scene?.zoomBy(ZOOM_STEP),
    },
    {
      id: 'map.zoom-out',
      title: 'Zoom out',
      group,
      keys: ['-'],
      when: hasScene,
      isRepeating: true,
      run: () => scene?.zoomBy(1 / ZOOM_STEP),
    },
    {
      id: 'map.show-all',
      title: 'The whole map',
      group,
      keys: ['0'],
      when: hasScene,
      run: () => scene?.showAll(),
    },
    {
      id: 'map.names',
      title: hasNames ? 'Hide the names of classes' : 'Show the names of classes',
      group,
      keys: ['Shift+N'],
      run: () => changeMapView({ hasNames: !hasNames }),
    },
    {
      id: 'map.larger',
      title: 'Larger points',
      group,
      keys: ['>'],
      isRepeating: true,
      run: () => changePointFactor(POINT_STEP),
    },
    {
      id: 'map.smaller',
      title: 'Smaller points',
      group,
      keys: ['<'],
      isRepeating: true,
      run: () => changePointFactor(1 / POINT_STEP),
    },
    {
      id: 'map.hover-plays',
      title: hoverPlays ? 'Pointing does not play' : 'Pointing plays',
      group,
      keys: ['Shift+H'],
      run: () => changeMapView({ hoverPlays: !hoverPlays }),
    },
    {
      id: 'map.play-hovered',
      title: 'Play the clip under the pointer',
      group,
      keys: ['Space'],
      isHidden: true,
      when: () => hovered !== null && hovered !== useSelection.getState().cursor,
      run: () => {
        if (hovered !== null) player.play(hovered, 0);
      },
    },
    {
      id: 'map.grow',
      title: 'Grow by neighbours: add the nearest clips to the selection',
      group,
      keys: ['Shift+G'],
      when: () => list !== null && actionTarget().length > 0,
      run: () => {
        if (list) void growByNeighbours(embedding, list);
      },
    },
    {
      id: 'map.all',
      title: 'Select all clips of the filter',
      group,
      keys: ['Mod+A'],
      run: () => useSelection.getState().selectAll(),
    },
    {
      id: 'map.escape',
      title: 'Step by step: no selection, filter as before',
      group,
      keys: ['Escape'],
      isHidden: true,
      run: () => {
        const { selected, clear } = useSelection.getState();
        const { text, back } = useFilter.getState();
        if (selected.size > 1) clear();
        else if (text !== '') back();
      },
    },
    {
      id: 'map.default',
      title: 'Play through the selection',
      group,
      keys: ['Mod+Enter'],
      when: () => actionTarget().length > 0,
      run: () => player.playAll(inListOrder(actionTarget())),
    },
    builtIn('map.walk', 'Nearest clip in that direction', [
      'ArrowLeft',
      'ArrowRight',
      'ArrowUp',
      'ArrowDown',
    ]),
    builtIn('map.extend', 'Extend the selection', ['Shift+ArrowLeft', 'Shift+ArrowRight']),
    builtIn('map.pan', 'Move the map', ['Mod+ArrowLeft', 'Mod+ArrowRight']),
    builtIn('map.inspect', 'Show the clip in the inspector', ['Enter']),
  ]);
}
