// Bringing datasets in: the view with its preview, importing again, and finding a moved folder.
import type { ViewDefinition } from '../../lib/view.ts';
import { ImportView } from './ImportView.tsx';
import './import.css';
import './drop.css';

export const importView: ViewDefinition = {
  id: 'import',
  title: 'Import a dataset',
  icon: 'import',
  isWithoutProject: true,
  hasFilterBar: false,
  hasInspector: false,
  Component: ImportView,
};

export { ImportHost } from './ImportHost.tsx';
export { chooseDatasetFile, chooseDatasetFolder } from './import-flow.ts';
