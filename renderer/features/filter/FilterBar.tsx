// The bar across the top: the one expression as chips that can also be typed, its count, and the text search.
import { useEffect, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import {
  addCondition,
  type Chip,
  chipsOf,
  FilterError,
  negateChip,
  removeChip,
  replaceChip,
} from '../../../shared/filter/index.ts';
import { useCommands } from '../../lib/commands.ts';
import { focusList } from '../../lib/focus.ts';
import { count } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { Icon, IconButton, IconToggle, Menu } from '../../ui/index.ts';
import { FilterInput } from './FilterInput.tsx';
import { TextSearch } from './TextSearch.tsx';
import { useFilterCheck } from './use-check.ts';
import './filter.css';

/** The chips, or null when the text is no expression (it can then only be typed). */
function chipsOrNull(text: string): Chip[] | null {
  try {
    return chipsOf(text);
  } catch (error) {
    if (error instanceof FilterError) return null;
    throw error;
  }
}

export function FilterBar() {
  const { text, set, back, past } = useFilter();
  const chips = chipsOrNull(text);
  const [isTyped, setIsTyped] = useState(false);
  const [editing, setEditing] = useState<number | null>(null);
  /** Remounts the input that the F key should put the focus on. */
  const [asked, setAsked] = useState(0);
  const check = useFilterCheck(text);
  const all = useFilterCheck('');
  const project = useProject();
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked > 0) bar.current?.querySelector<HTMLInputElement>('.filter-input input')?.focus();
  }, [asked]);

  const isText = isTyped || chips === null;
  // The room of the largest count is kept, so that the bar stands still while clips are counted.
  const most = count((project?.clips ?? 0) + (project?.noiseClips ?? 0));
  const widestCount = `${most} of ${most}`;
  useCommands([
    {
      id: 'filter.focus',
      title: 'Filter…',
      group: 'Filter',
      keys: ['F', 'Mod+F'],
      run: () => setAsked(asked + 1),
    },
    {
      id: 'filter.text',
      title: isText ? 'Filter as chips' : 'Filter as text',
      group: 'Filter',
      run: () => setIsTyped(!isTyped),
    },
    {
      id: 'filter.clear',
      title: 'Clear the filter',
      group: 'Filter',
      when: () => text !== '',
      run: () => set(''),
    },
    { id: 'filter.back', title: 'Filter as before', group: 'Filter', when: () => past.length > 0, run: back },
  ]);

  const apply = (next: string) => {
    set(next);
    setEditing(null);
    focusList();
  };
  const cancel = () => {
    setEditing(null);
    focusList();
  };

  return (
    <search className="filter-bar" ref={bar} aria-label="Filter">
      <Icon name="filter" />
      <div className="filter-expression">
        {isText ? (
          <FilterInput
            key={text}
            label="Filter expression"
            placeholder="label = four AND duration > 0.5"
            initial={text}
            onApply={apply}
            onCancel={cancel}
          />
        ) : (
          <>
            {chips.map((chip, index) =>
              index === editing ? (
                <FilterInput
                  key={`edit ${chip.text}`}
                  label="Condition"
                  placeholder="Condition"
                  initial={chip.text}
                  autoFocus
                  onApply={(condition) => apply(replaceChip(text, index, condition))}
                  onCancel={cancel}
                />
              ) : (
                <FilterChip
                  key={chip.text}
                  chip={chip}
                  onEdit={() => setEditing(index)}
                  onRemove={() => set(removeChip(text, index))}
                  onNegate={() => set(negateChip(text, index))}
                  onOnly={() => set(chip.text)}
                />
              ),
            )}
            {editing === null && (
              <FilterInput
                key={`add ${text}`}
                label="Add a condition"
                placeholder={chips.length > 0 ? 'and …' : 'Filter: label = four AND duration > 0.5'}
                initial=""
                onApply={(condition) => apply(addCondition(text, condition))}
                onCancel={cancel}
                {...(chips.length > 0 ? { onBackspace: () => setEditing(chips.length - 1) } : {})}
              />
            )}
          </>
        )}
      </div>
      {text !== '' && <IconButton icon="close" title="Clear the filter" keys="Esc" onPress={() => set('')} />}
      <IconToggle
        icon="label"
        word="Text"
        title={isText ? 'Show the filter as chips' : 'Type the whole filter as text'}
        isOn={isText}
        onChange={setIsTyped}
        isDisabled={chips === null}
      />
      <output className="filter-count" aria-live="polite" data-widest={widestCount}>
        {check.problem ? (
          <span className="wrong">not valid</span>
        ) : (
          <span>
            <strong>{check.matched === null ? '…' : count(check.matched)}</strong>
            <span className="secondary"> of {all.matched === null ? '…' : count(all.matched)}</span>
          </span>
        )}
      </output>
      <TextSearch />
    </search>
  );
}

function FilterChip(props: {
  readonly chip: Chip;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onNegate: () => void;
  readonly onOnly: () => void;
}) {
  const { chip } = props;
  return (
    <span className="filter-chip">
      <Menu
        label={`Condition ${chip.text}`}
        groups={[
          {
            entries: [
              { id: 'edit', title: 'Edit', run: props.onEdit },
              { id: 'not', title: 'Turn into its opposite', run: props.onNegate },
              { id: 'only', title: 'Only this condition', run: props.onOnly },
              { id: 'remove', title: 'Remove', run: props.onRemove },
            ],
          },
        ]}
      >
        <AriaButton className="filter-chip-text" aria-label={`Condition ${chip.text}`}>
          <span className="ellipsis" dir="auto">
            {chip.text}
          </span>
        </AriaButton>
      </Menu>
      <AriaButton className="filter-chip-remove" aria-label={`Remove ${chip.text}`} onPress={props.onRemove}>
        <Icon name="close" size={11} />
      </AriaButton>
    </span>
  );
}
