// The views, in the order of the rail. A view is registered by one line here.
import { classesView } from '../features/classes/index.ts';
import { clipsView } from '../features/clips/index.tsx';
import { confusionsView } from '../features/confusions/index.ts';
import { exportView } from '../features/export/index.ts';
import { fewShotView } from '../features/few-shot/index.ts';
import { flagsView } from '../features/flags/index.ts';
import { historyView } from '../features/history/index.ts';
import { importView } from '../features/import/index.ts';
import { mapView } from '../features/map/index.ts';
import { overviewView } from '../features/overview/index.ts';
import { reviewView } from '../features/review/index.ts';
import { welcomeView } from '../features/welcome/index.ts';
import type { ViewDefinition } from '../lib/view.ts';

export const views: readonly ViewDefinition[] = [
  overviewView,
  clipsView,
  flagsView,
  reviewView,
  confusionsView,
  classesView,
  mapView,
  fewShotView,
  historyView,
  exportView,
  welcomeView,
  importView,
];

export function viewOf(id: string): ViewDefinition | undefined {
  return views.find((view) => view.id === id);
}

/** What is shown when the address names no view. */
export function firstView(hasProject: boolean): ViewDefinition | undefined {
  return hasProject
    ? views.find((view) => !view.isWithoutProject && !view.isHidden)
    : (viewOf('welcome') ?? views.find((view) => view.isWithoutProject));
}
