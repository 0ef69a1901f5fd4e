// Everything about the clip under the cursor: sound, label, transcript, predictions, flags, measures, history.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { ClipDetail } from '../../../shared/contract/clips.ts';
import { type FlagKind, type FlagStatus, flagTitles } from '../../../shared/domain/flag.ts';
import { conditionFor } from '../../../shared/filter/index.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { bytes, count, decibels, duration, probability, splitPath, when } from '../../lib/format.ts';
import { host, isDesktop } from '../../lib/host.ts';
import { useProject } from '../../lib/project.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { Bar, Button, Chip, EmptyState, ErrorNotice, Icon, IconButton } from '../../ui/index.ts';
import { decide, reasonTitles } from '../decisions/index.ts';
import { Neighbours, useEmbeddings } from '../embeddings/index.ts';
import { narrow } from '../filter/index.ts';
import { ClipSound } from '../waveform/index.ts';
import { TranscriptEditor } from './TranscriptEditor.tsx';

export function Inspector() {
  const cursor = useSelection((state) => state.cursor);
  const clip = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: cursor ?? 1 } }),
    enabled: cursor !== null,
    placeholderData: keepPreviousData,
  });
  const embeddings = useEmbeddings(cursor !== null);
  if (cursor === null) {
    return (
      <EmptyState icon="inspector" title="No clip">
        The clip under the cursor is shown here: its sound, label, predictions and flags.
      </EmptyState>
    );
  }
  if (clip.error && !clip.data) {
    return <ErrorNotice error={errorDataOf(clip.error)} onRetry={() => void clip.refetch()} />;
  }
  // Without embeddings the part about neighbours is low, with one it is high: known before anything stands below it.
  return clip.data && !embeddings.isPending ? <ClipInspector detail={clip.data} /> : null;
}

function ClipInspector({ detail }: { readonly detail: ClipDetail }) {
  const { row, flags, predictions, history } = detail;
  const { folder, name } = splitPath(row.path);
  const open = flags.filter((flag) => flag.status === 'open');
  return (
    <article className="inspector" aria-label={`Clip ${row.path}`}>
      <header className="inspector-head">
        <div className="inspector-path">
          <h2 className="ellipsis" dir="auto" title={row.path}>
            <span className="secondary">{folder}</span>
            {name}
          </h2>
          {isDesktop && (
            <IconButton
              icon="folder"
              title="Show in the file manager"
              onPress={() => void host.revealClip(row.id)}
            />
          )}
        </div>
        <p className="secondary inspector-facts">
          <span>{duration(row.durationSec)}</span>
          {row.speaker && (
            <button
              type="button"
              className="door ellipsis"
              title={row.speaker}
              onClick={() => narrow(conditionFor('speaker', row.speaker))}
            >
              speaker <bdi>{row.speaker}</bdi>
            </button>
          )}
          {row.split && (
            <button type="button" className="door" onClick={() => narrow(conditionFor('split', row.split))}>
              {row.split}
            </button>
          )}
          {!row.isPresent && <span className="warn">file missing at the last import</span>}
        </p>
      </header>
      <ClipSound
        clipId={row.id}
        durationSec={row.durationSec}
        clippedSamples={row.clippedSamples}
        silence={{ before: detail.measures.leadingSilenceSec, after: detail.measures.trailingSilenceSec }}
      />
      <LabelBlock detail={detail} />
      {open.length > 0 && (
        <Section name="flags" title="Flags" count={open.length}>
          {open.map((flag) => (
            <FlagItem key={flag.id} detail={detail} flag={flag} />
          ))}
        </Section>
      )}
      {predictions.length > 0 && (
        <Section
          name="predictions"
          title="Predictions"
          count={predictions.length > 1 ? predictions.length : null}
        >
          {predictions.map((prediction) => (
            <Prediction key={prediction.run} prediction={prediction} label={row.label} />
          ))}
        </Section>
      )}
      <Section name="neighbours" title="Sounds like" isLazy>
        <Neighbours clipId={row.id} label={row.label} />
      </Section>
      <Section name="transcript" title="Transcript">
        <TranscriptEditor key={row.id} row={row} />
      </Section>
      {flags.length > open.length && (
        <Section name="settled" title="Settled flags" count={flags.length - open.length} isClosedAtFirst>
          {flags
            .filter((flag) => flag.status !== 'open')
            .map((flag) => (
              <FlagItem key={flag.id} detail={detail} flag={flag} />
            ))}
        </Section>
      )}
      <Section name="history" title="History" count={history.length}>
        <ol className="inspector-history">
          {[...history].reverse().map((event) => (
            <li key={event.id}>
              <span className="secondary">
                {when(event.at)} {event.by}
              </span>
              <span>
                {event.undoes ? 'undone: ' : ''}
                {event.field === 'flag' && event.subject
                  ? (flagTitles[event.subject as FlagKind] ?? event.subject)
                  : event.field}{' '}
                <bdi>{event.from ?? 'none'}</bdi> → <bdi>{event.to ?? 'none'}</bdi>
                {event.reason && <span className="secondary"> ({reasonWords(event.reason)})</span>}
              </span>
            </li>
          ))}
          <li>
            <span className="secondary">{when(detail.importedAt)}</span>
            <span>
              imported as <bdi>{row.originalLabel ?? 'no label'}</bdi>
            </span>
          </li>
        </ol>
      </Section>
      <Section name="measures" title="Measures" isClosedAtFirst>
        <Measures detail={detail} />
      </Section>
      <Section name="fields" title="Fields" isClosedAtFirst>
        <Fields
          pairs={[
            ['dataset', row.dataset],
            ['kind', row.kind],
            ['gender', row.gender],
            ['age', row.age],
            ['accent', row.accent],
            ['locale', row.locale],
            ...Object.entries(detail.extra),
          ]}
        />
      </Section>
    </article>
  );
}

function reasonWords(reason: string): string {
  const titles: Readonly<Record<string, string>> = reasonTitles;
  return titles[reason] ?? reason;
}

function Section(props: {
  readonly name: string;
  readonly title: string;
  readonly count?: number | null;
  readonly isClosedAtFirst?: boolean;
  /** What is in it is not read while it is closed. */
  readonly isLazy?: boolean;
  readonly children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(() => remembered(`inspector.${props.name}`, !props.isClosedAtFirst));
  return (
    <Disclosure
      className="inspector-section"
      isExpanded={isOpen}
      onExpandedChange={(next) => {
        setIsOpen(next);
        remember(`inspector.${props.name}`, next);
      }}
    >
      <Heading level={3}>
        <AriaButton slot="trigger" className="inspector-title">
          <Icon name={isOpen ? 'down' : 'right'} size={11} />
          {props.title}
          {typeof props.count === 'number' && props.count > 0 && (
            <span className="secondary">{count(props.count)}</span>
          )}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <div className="inspector-panel">{(isOpen || !props.isLazy) && props.children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}

function LabelBlock({ detail }: { readonly detail: ClipDetail }) {
  const { row, flags } = detail;
  const isReadOnly = useProject()?.isReadOnly ?? true;
  const isChanged = row.label !== row.originalLabel;
  const proposal = flags.find(
    (flag) => flag.status === 'open' && flag.proposed !== null && flag.proposed !== row.label,
  );
  const ids = [row.id];
  return (
    <div className="inspector-label">
      <dl>
        <dt className="secondary">Label</dt>
        <dd>
          <span className={`inspector-word${isChanged ? ' is-changed' : ''}`} dir="auto">
            {row.label ?? 'none'}
          </span>
          {isChanged && (
            <span className="secondary">
              imported as <bdi>{row.originalLabel ?? 'no label'}</bdi>
            </span>
          )}
        </dd>
        {row.review && (
          <>
            <dt className="secondary">Review</dt>
            <dd>
              <span
                className={row.review === 'accepted' ? 'right' : row.review === 'unusable' ? 'wrong' : 'warn'}
              >
                {row.review}
                {row.reviewReason && `: ${reasonWords(row.reviewReason)}`}
              </span>
              {!isReadOnly && (
                <Button isSmall tone="quiet" onPress={() => void decide.review(null, undefined, ids)}>
                  Take back
                </Button>
              )}
            </dd>
          </>
        )}
        {row.note && (
          <>
            <dt className="secondary">Note</dt>
            <dd dir="auto">{row.note}</dd>
          </>
        )}
      </dl>
      <div className="inspector-actions" hidden={isReadOnly}>
        {proposal?.proposed && (
          <Button isSmall tone="primary" onPress={() => void decide.relabel(proposal.proposed, ids)}>
            Relabel <bdi>{proposal.proposed}</bdi>
          </Button>
        )}
        <Button
          isSmall
          icon="label"
          keys={keysInWords('decisions.relabel')}
          onPress={() => void decide.askLabel(ids)}
        >
          Relabel…
        </Button>
        <Button isSmall icon="check" onPress={() => void decide.review('accepted', undefined, ids)}>
          Accept
        </Button>
        <Button
          isSmall
          icon="unusable"
          keys={keysInWords('decisions.unusable')}
          onPress={() => void decide.askReason(ids)}
        >
          Unusable…
        </Button>
        <Button
          isSmall
          icon="note"
          keys={keysInWords('decisions.note')}
          onPress={() => void decide.askNote(ids)}
        >
          Note…
        </Button>
      </div>
    </div>
  );
}

const statusWords: Readonly<Record<FlagStatus, string>> = {
  open: 'open',
  accepted: 'accepted',
  fixed: 'fixed',
  dismissed: 'dismissed',
};

function FlagItem({
  detail,
  flag,
}: {
  readonly detail: ClipDetail;
  readonly flag: ClipDetail['flags'][number];
}) {
  const ids = [detail.row.id];
  const isReadOnly = useProject()?.isReadOnly ?? true;
  const settle = (to: FlagStatus) => void decide.flag(flag.kind, to, ids);
  return (
    <div className="inspector-flag">
      <div>
        <strong>{flagTitles[flag.kind]}</strong>
        {flag.status !== 'open' && <Chip>{statusWords[flag.status]}</Chip>}
      </div>
      <p className="secondary">{flag.reason}</p>
      <div className="inspector-actions" hidden={isReadOnly}>
        {flag.status === 'open' ? (
          <>
            <Button isSmall onPress={() => settle('accepted')}>
              It is right
            </Button>
            <Button isSmall onPress={() => settle('dismissed')}>
              Dismiss
            </Button>
          </>
        ) : (
          <Button isSmall tone="quiet" onPress={() => settle('open')}>
            Open again
          </Button>
        )}
      </div>
    </div>
  );
}

const SHOWN_LABELS = 4;

function Prediction(props: {
  readonly prediction: ClipDetail['predictions'][number];
  readonly label: string | null;
}) {
  const { prediction, label } = props;
  const { top, predicted } = prediction;
  const shown = top.slice(0, SHOWN_LABELS);
  const given = prediction.givenProbability;
  const hasGiven = shown.some((entry) => entry.label === label);
  const entries =
    hasGiven || label === null || given === null ? shown : [...shown, { label, probability: given }];
  const isRight = predicted === label;
  return (
    <div className="inspector-prediction">
      <div className="inspector-run">
        <span className="ellipsis" dir="auto">
          {prediction.run}
        </span>
        <strong className={isRight ? 'right' : 'wrong'} dir="auto">
          {predicted ?? 'nothing'}
        </strong>
        {prediction.latencyMs !== null && (
          <span className="secondary small">{prediction.latencyMs.toFixed(1)} ms</span>
        )}
      </div>
      {entries.map((entry) => (
        <div key={entry.label} className="inspector-probability">
          <span className="ellipsis" dir="auto">
            {entry.label}
            {entry.label === label && <span className="secondary small"> given</span>}
          </span>
          <Bar share={entry.probability} tone={entry.label === label ? 'accent' : 'plain'} />
          <span className="numeric">{probability(entry.probability)}</span>
        </div>
      ))}
      {prediction.hypothesis && (
        <p dir="auto">
          <span className="secondary">heard </span>
          {prediction.hypothesis}
        </p>
      )}
    </div>
  );
}

function Fields({ pairs }: { readonly pairs: readonly (readonly [string, string | null])[] }) {
  const told = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null && pair[1] !== '');
  return (
    <dl className="inspector-fields">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt className="secondary ellipsis">{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Measures({ detail }: { readonly detail: ClipDetail }) {
  const m = detail.measures;
  return (
    <Fields
      pairs={[
        ['length', `${duration(m.frames / m.sampleRate)}, ${count(m.frames)} samples`],
        [
          'format',
          `${m.container} ${m.encoding}, ${count(m.sampleRate)} Hz, ${m.channels === 1 ? 'mono' : `${m.channels} channels`}`,
        ],
        ['size of the samples', bytes(m.frames * m.channels * 2)],
        ['peak', decibels(m.peakDbfs)],
        ['level', decibels(m.rmsDbfs)],
        ['DC offset', m.dcOffset.toFixed(4)],
        [
          'clipped',
          m.clippedSamples === 0
            ? 'no'
            : `${count(m.clippedSamples)} samples in ${count(m.clippedRuns)} runs`,
        ],
        ['silence before, after', `${duration(m.leadingSilenceSec)}, ${duration(m.trailingSilenceSec)}`],
        ['edges', `${decibels(m.startEdgeDb)}, ${decibels(m.endEdgeDb)}`],
        ['sample hash', m.sampleHash],
      ]}
    />
  );
}
