// What the views about a model share: the run in use, its figures, and the doors to clips.
import './metrics.css';

export {
  cellCondition,
  classConditions,
  narrowed,
  openClips,
  playThrough,
} from './doors.ts';
export { IntervalBar } from './IntervalBar.tsx';
export { NoRun, NothingToCompare } from './NoRun.tsx';
export { RunPicker } from './RunPicker.tsx';
export { fileName, pngOfSvg, saveBlob, saveText } from './save-file.ts';
export {
  type ClassFigures,
  type MatrixOrder,
  type Metrics,
  useMetrics,
  useRunInUse,
} from './use-metrics.ts';
