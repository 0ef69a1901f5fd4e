// One event in words: what changed from what to what.
import type { DecisionEvent } from '../../../shared/domain/decision.ts';
import { type FlagKind, flagTitles } from '../../../shared/domain/flag.ts';
import { reasonTitles } from './reasons.ts';

function fieldOf(event: DecisionEvent): string {
  if (event.field !== 'flag') return event.field;
  return flagTitles[event.subject as FlagKind] ?? event.subject ?? 'flag';
}

export function EventWords({ event, lead }: { readonly event: DecisionEvent; readonly lead: string | null }) {
  const titles: Readonly<Record<string, string>> = reasonTitles;
  return (
    <span className="event-words">
      <span className="secondary">
        {lead !== null && `${lead}: `}
        {fieldOf(event)}
      </span>{' '}
      <bdi>{event.from ?? 'none'}</bdi> → <bdi>{event.to ?? 'none'}</bdi>
      {event.reason && <span className="secondary"> ({titles[event.reason] ?? event.reason})</span>}
    </span>
  );
}
