import './few-shot.css';
import type { ViewDefinition } from '../../lib/view.ts';
import { FewShotView } from './FewShotView.tsx';

export const fewShotView: ViewDefinition = {
  id: 'few-shot',
  title: 'Few-shot keyword',
  icon: 'microphone',
  goKey: 'W',
  Component: FewShotView,
  hasFilterBar: false,
};
