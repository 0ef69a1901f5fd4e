// The Clips view.
import type { ViewDefinition } from '../../lib/view.ts';
import { ClipsView } from './ClipsView.tsx';
import { FacetsToggle } from './FacetsToggle.tsx';
import './clips.css';

export const clipsView: ViewDefinition = {
  id: 'clips',
  title: 'Clips',
  icon: 'clips',
  goKey: 'C',
  Component: ClipsView,
  Tools: FacetsToggle,
};
