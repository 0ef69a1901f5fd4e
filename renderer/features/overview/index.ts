import './overview.css';
import type { ViewDefinition } from '../../lib/view.ts';
import { OverviewView } from './OverviewView.tsx';

export const overviewView: ViewDefinition = {
  id: 'overview',
  title: 'Overview',
  icon: 'overview',
  goKey: 'O',
  Component: OverviewView,
  hasInspector: false,
};
