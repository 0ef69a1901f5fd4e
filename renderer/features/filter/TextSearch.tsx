// Search in transcripts (in paths, where a dataset has no transcripts): the `~` condition of the filter by another door.
import { useEffect, useState } from 'react';
import { chipsOf, replaceField, withoutField } from '../../../shared/filter/index.ts';
import { useCommands } from '../../lib/commands.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { Icon } from '../../ui/index.ts';
import { useFilterCheck } from './use-check.ts';

type SearchField = 'transcript' | 'path';

/** The words that the filter's `field ~ "words"` chip looks for. */
function searchedWords(text: string, field: SearchField): string {
  try {
    for (const { expression } of chipsOf(text)) {
      if (expression.type !== 'contains' || expression.negated) continue;
      if (expression.term.type === 'field' && expression.term.field === field) return expression.text;
    }
  } catch {
    // A filter that is no expression has no chips to look into; the bar says what is wrong with it.
  }
  return '';
}

export function TextSearch() {
  const { text, set } = useFilter();
  const withTranscript = useFilterCheck('NOT transcript is empty').matched;
  const field: SearchField = withTranscript ? 'transcript' : 'path';
  const searched = searchedWords(text, field);
  const [typed, setTyped] = useState(searched);
  useEffect(() => setTyped(searched), [searched]);
  useEffect(() => {
    if (typed.trim() === searched) return;
    const timer = setTimeout(() => {
      const words = typed.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"');
      try {
        set(words === '' ? withoutField(text, field) : replaceField(text, field, `${field} ~ "${words}"`));
      } catch {
        // The bar already says that the present filter is no expression.
      }
    }, 220);
    return () => clearTimeout(timer);
  }, [typed, searched, text, field, set]);
  useCommands([
    {
      id: 'filter.search',
      title: `Search ${field === 'transcript' ? 'transcripts' : 'paths'}`,
      group: 'Filter',
      keys: ['Mod+Shift+F'],
      run: () => document.querySelector<HTMLInputElement>('.text-search input')?.focus(),
    },
  ]);
  const name = field === 'transcript' ? 'Search transcripts' : 'Search paths';
  return (
    <span className="text-search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={name}
        placeholder={name}
        dir="auto"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') {
            event.preventDefault();
            setTyped('');
          }
        }}
      />
    </span>
  );
}
