// What lies on the map: tools, zoom, names and the size of points. Each has its key in the tooltip.
import { keysInWords } from '../../lib/commands.ts';
import { IconButton, IconToggle } from '../../ui/index.ts';
import type { Scene } from './scatter/scene.ts';
import { changeMapView, type Tool, useMapView } from './settings.ts';

const tools: readonly {
  readonly id: Tool;
  readonly icon: 'move' | 'lasso' | 'box';
  readonly title: string;
}[] = [
  { id: 'move', icon: 'move', title: 'Move: drag the map, click selects' },
  { id: 'lasso', icon: 'lasso', title: 'Lasso: draw around clips. Ctrl adds, Alt takes out' },
  { id: 'box', icon: 'box', title: 'Box: drag over clips. Ctrl adds, Alt takes out' },
];

export const ZOOM_STEP = 1.5;
export const POINT_STEP = 1.25;
const LEAST = 0.4;
const MOST = 4;

export function changePointFactor(by: number): void {
  const { pointFactor } = useMapView.getState();
  changeMapView({ pointFactor: Math.min(MOST, Math.max(LEAST, pointFactor * by)) });
}

export function Tools({ scene }: { readonly scene: Scene | null }) {
  const { tool, hasNames } = useMapView();
  return (
    <div className="map-tools" role="toolbar" aria-label="Tools of the map" aria-orientation="vertical">
      {tools.map(({ id, icon, title }) => (
        <IconToggle
          key={id}
          icon={icon}
          title={title}
          keys={keysInWords(`map.tool.${id}`)}
          isOn={tool === id}
          onChange={() => changeMapView({ tool: id })}
        />
      ))}
      <span className="map-tools-gap" />
      <IconButton
        icon="zoomIn"
        title="Zoom in"
        keys={keysInWords('map.zoom-in')}
        onPress={() => scene?.zoomBy(ZOOM_STEP)}
      />
      <IconButton
        icon="zoomOut"
        title="Zoom out"
        keys={keysInWords('map.zoom-out')}
        onPress={() => scene?.zoomBy(1 / ZOOM_STEP)}
      />
      <IconButton
        icon="fit"
        title="The whole map"
        keys={keysInWords('map.show-all')}
        onPress={() => scene?.showAll()}
      />
      <span className="map-tools-gap" />
      <IconToggle
        icon="label"
        title={hasNames ? 'Hide the names' : 'Show the names'}
        keys={keysInWords('map.names')}
        isOn={hasNames}
        onChange={(isOn) => changeMapView({ hasNames: isOn })}
      />
      <IconButton
        icon="plus"
        title="Larger points"
        keys={keysInWords('map.larger')}
        onPress={() => changePointFactor(POINT_STEP)}
      />
      <IconButton
        icon="minus"
        title="Smaller points"
        keys={keysInWords('map.smaller')}
        onPress={() => changePointFactor(1 / POINT_STEP)}
      />
    </div>
  );
}
