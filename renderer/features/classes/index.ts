import './classes.css';
import './geometry/geometry.css';
import type { ViewDefinition } from '../../lib/view.ts';
import { ClassesView } from './ClassesView.tsx';

export const classesView: ViewDefinition = {
  id: 'classes',
  title: 'Classes',
  icon: 'classes',
  goKey: 'L',
  Component: ClassesView,
  hasInspector: false,
};
