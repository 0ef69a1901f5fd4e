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

// What other matrices of classes are drawn with.
export { colourOf, css, inkOn } from './cividis.ts';
export { MatrixSurface } from './MatrixSurface.tsx';
export {
  cellsInSight,
  clearMatrix,
  drawLabels,
  type MatrixFrame,
  type Place,
} from './matrix-frame.ts';
export { type Hit, layoutOf } from './matrix-layout.ts';
