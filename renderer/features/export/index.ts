// Giving the dataset and its decisions out.
import type { ViewDefinition } from '../../lib/view.ts';
import { ExportView } from './ExportView.tsx';
import './export.css';

export const exportView: ViewDefinition = {
  id: 'export',
  title: 'Export',
  icon: 'export',
  goKey: 'E',
  hasFilterBar: false,
  hasInspector: false,
  Component: ExportView,
};
