// Which facets are open: a few at first, then as the person left them.
import { useState } from 'react';
import { remember, remembered } from '../../lib/storage.ts';

const openAtFirst: ReadonlySet<string> = new Set([
  'label',
  'flag',
  'review',
  'split',
  'durationSec',
  'rmsDbfs',
]);
export function useFacetOpen(field: string): [boolean, (isOpen: boolean) => void] {
  const [isOpen, setIsOpen] = useState(() => remembered(`facet.${field}`, openAtFirst.has(field)));
  return [
    isOpen,
    (next) => {
      setIsOpen(next);
      remember(`facet.${field}`, next);
    },
  ];
}
