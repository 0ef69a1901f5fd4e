// The first thing anybody sees.
import type { ViewDefinition } from '../../lib/view.ts';
import { WelcomeView } from './WelcomeView.tsx';
import './welcome.css';

export const welcomeView: ViewDefinition = {
  id: 'welcome',
  title: 'Welcome',
  icon: 'home',
  isWithoutProject: true,
  hasFilterBar: false,
  hasInspector: false,
  Component: WelcomeView,
};
