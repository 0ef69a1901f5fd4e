import './confusions.css';
import type { ViewDefinition } from '../../lib/view.ts';
import { ConfusionsView } from './ConfusionsView.tsx';

export const confusionsView: ViewDefinition = {
  id: 'confusions',
  title: 'Confusions',
  icon: 'grid',
  goKey: 'M',
  Component: ConfusionsView,
};
