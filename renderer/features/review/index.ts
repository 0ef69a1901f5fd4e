// The keyboard queue. Other views start one with `startReview`.
import type { ViewDefinition } from '../../lib/view.ts';
import { remainingOf, useReview } from './queue.ts';
import { ReviewView } from './ReviewView.tsx';
import './review.css';

export const reviewView: ViewDefinition = {
  id: 'review',
  title: 'Review',
  icon: 'review',
  goKey: 'R',
  hasFilterBar: false,
  hasInspector: false,
  useBadge: () => useReview((state) => (state.ids.length > 0 ? remainingOf(state) : null)),
  Component: ReviewView,
};

export { type ReviewSource, startReview } from './queue.ts';
