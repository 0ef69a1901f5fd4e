// Decisions as they were made, newest first; taking one back; the project's check.
import type { ViewDefinition } from '../../lib/view.ts';
import { HistoryView } from './HistoryView.tsx';
import './history.css';

export const historyView: ViewDefinition = {
  id: 'history',
  title: 'History',
  icon: 'history',
  goKey: 'H',
  hasFilterBar: false,
  hasInspector: false,
  Component: HistoryView,
};
