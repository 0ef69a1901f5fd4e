// The expression as text: completion while typing, the place of a mistake underlined with what was expected there.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Suggestion } from '../../../shared/filter/index.ts';
import { calls } from '../../lib/client.ts';
import { useFilterCheck } from './use-check.ts';

interface FilterInputProps {
  readonly label: string;
  readonly placeholder: string;
  readonly initial: string;
  readonly onApply: (text: string) => void;
  readonly onCancel: () => void;
  readonly autoFocus?: boolean;
  /** Backspace in an empty input. */
  readonly onBackspace?: () => void;
}

/** What was asked for by a key before the engine had answered for the text. */
type Step =
  /** Takes the suggestion of this text, or the first. */
  { readonly type: 'accept'; readonly chosen: string | null } | { readonly type: 'apply' };

export function FilterInput(props: FilterInputProps) {
  const { label, placeholder, initial, onApply, onCancel, autoFocus, onBackspace } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(initial);
  const [cursor, setCursor] = useState(initial.length);
  const [isOpen, setIsOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  /** Mistakes are shown once typing rests or Enter was pressed; half a word is no mistake. */
  const [isSettled, setIsSettled] = useState(true);
  /** They are taken in their order, each once its answer is there; typing on or Escape drops them. */
  const [steps, setSteps] = useState<readonly Step[]>([]);

  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the text starts the wait again
  useEffect(() => {
    const timer = setTimeout(() => setIsSettled(true), 600);
    return () => clearTimeout(timer);
  }, [text]);

  const check = useFilterCheck(text);
  const completion = useQuery({
    ...calls.filter.complete.queryOptions({ input: { text, cursor } }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });
  const suggestions = (isOpen && completion.data?.suggestions.slice(0, 12)) || [];
  const problem = text.trim() !== '' && isSettled ? check.problem : null;

  /** Where the caret goes once React has written an accepted suggestion. */
  const caret = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the text
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  /** Null while the suggestions are still those of another text or place. */
  const current = completion.isPlaceholderData ? null : (completion.data ?? null);

  const accept = (suggestion: Pick<Suggestion, 'text'>, { from, to }: { from: number; to: number }) => {
    const tail = text.slice(to);
    const added =
      suggestion.text.endsWith('(') || tail.startsWith(' ') ? suggestion.text : `${suggestion.text} `;
    setText(text.slice(0, from) + added + tail);
    caret.current = from + added.length;
    setCursor(from + added.length);
    setMarked(-1);
    setIsSettled(false);
  };

  const apply = () => {
    setIsSettled(true);
    setIsOpen(false);
    if (check.problem) return;
    onApply(text.trim());
    setText(initial);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the steps are taken when an answer has come
  useEffect(() => {
    const step = steps[0];
    if (step?.type === 'accept' && (current || completion.isError)) {
      const known = current?.suggestions ?? [];
      const chosen = step.chosen === null ? known[0] : known.find(({ text }) => text === step.chosen);
      if (current && chosen) accept(chosen, current);
      setSteps((all) => all.slice(1));
    } else if (step?.type === 'apply' && check.isCurrent) {
      apply();
      setSteps([]);
    }
  }, [steps, current, completion.isError, check.isCurrent]);

  /** Another key may have been pressed before this render was. */
  const take = (step: Step) => setSteps((all) => [...all, step]);
  const isApplying = steps.some(({ type }) => type === 'apply');

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const hasList = suggestions.length > 0;
    switch (event.key) {
      case 'ArrowDown':
        if (!isOpen) setIsOpen(true);
        else if (hasList) setMarked((marked + 1) % suggestions.length);
        break;
      case 'ArrowUp':
        if (!hasList) return;
        setMarked(marked <= 0 ? suggestions.length - 1 : marked - 1);
        break;
      case 'Tab':
        if (isApplying) break;
        if (!isOpen || event.shiftKey || text.trim() === '' || (current && !hasList)) return;
        take({ type: 'accept', chosen: suggestions[marked]?.text ?? null });
        break;
      case 'Enter':
        if (isApplying) break;
        take(
          hasList && marked >= 0
            ? { type: 'accept', chosen: suggestions[marked]?.text ?? null }
            : { type: 'apply' },
        );
        break;
      case 'Escape':
        setSteps([]);
        if (hasList) setIsOpen(false);
        else {
          setText(initial);
          onCancel();
        }
        break;
      case 'Backspace':
        if (text === '' && onBackspace) {
          onBackspace();
          break;
        }
        return;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span className="filter-input">
      {problem && (
        <div ref={mirror} className="filter-mirror" aria-hidden="true">
          {text.slice(0, problem.position)}
          <mark>
            {text.slice(problem.position, problem.position + Math.max(1, problem.length)) || '\u00a0\u00a0'}
          </mark>
        </div>
      )}
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-invalid={problem !== null}
        aria-busy={isApplying}
        readOnly={isApplying}
        aria-errormessage={problem ? `${id}-problem` : undefined}
        {...(marked >= 0 ? { 'aria-activedescendant': `${id}-${marked}` } : {})}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={text}
        placeholder={placeholder}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setIsOpen(true);
          setMarked(-1);
          setIsSettled(false);
          setSteps([]);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onScroll={(event) => {
          if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setIsOpen(false)}
        onBlur={() => setIsOpen(false)}
      />
      {problem && !isOpen && (
        <div className="filter-popup filter-problem" id={`${id}-problem`} role="status">
          <span className="wrong">{problem.message}</span>
          {problem.expected.length > 1 && (
            <span className="secondary">Expected: {problem.expected.slice(0, 12).join('  ')}</span>
          )}
        </div>
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Suggestions"
        className={suggestions.length > 0 ? 'filter-popup' : 'visually-hidden'}
      >
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input holds the focus (aria-activedescendant)
          <div
            key={`${suggestion.kind} ${suggestion.text}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            className={`filter-suggestion${index === marked ? ' is-marked' : ''}`}
            onMouseDown={(event) => {
              event.preventDefault();
              take({ type: 'accept', chosen: suggestion.text });
            }}
          >
            <span dir="auto" className={suggestion.kind === 'value' ? '' : 'mono'}>
              {suggestion.text}
            </span>
            <span className="secondary small ellipsis">{suggestion.detail ?? suggestion.kind}</span>
          </div>
        ))}
      </div>
    </span>
  );
}
