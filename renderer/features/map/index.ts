// The map of a whole dataset: clips that sound alike lie beside each other.
import './map.css';
import type { ViewDefinition } from '../../lib/view.ts';
import { MapView } from './MapView.tsx';

export const mapView: ViewDefinition = {
  id: 'map',
  title: 'Map',
  icon: 'map',
  goKey: 'T',
  Component: MapView,
};
