// The keys of the review, each also a button.
import { Button as AriaButton } from 'react-aria-components';
import { Button, IconButton, KeyHint } from '../../ui/index.ts';
import type { Proposal } from './proposal.ts';

interface ActionSet {
  readonly accept: () => void;
  readonly keep: () => void;
  readonly other: () => void;
  readonly favourite: (label: string) => void;
  readonly unusable: () => void;
  readonly unclear: () => void;
  readonly skip: () => void;
  readonly note: () => void;
  readonly editFavourites: () => void;
}

export function Actions(props: {
  readonly act: ActionSet;
  readonly proposal: Proposal | null;
  readonly label: string | null;
  readonly favourites: readonly string[];
  /** The focus goes back to the clip, so that the next key is not the button's. */
  readonly onDone: () => void;
  readonly keysOf: (commandId: string) => string;
}) {
  const { act, proposal, label, favourites, onDone, keysOf } = props;
  const press = (run: () => void) => () => {
    onDone();
    run();
  };
  return (
    <div className="review-actions">
      <div className="review-row">
        <Button
          tone={proposal?.by === 'flag' ? 'primary' : 'plain'}
          keys={keysOf('review.accept')}
          isDisabled={proposal === null}
          onPress={press(act.accept)}
        >
          {proposal ? (
            <>
              <bdi>{proposal.label}</bdi> ({proposal.by === 'flag' ? 'proposed' : 'predicted'})
            </>
          ) : (
            'No proposal'
          )}
        </Button>
        <Button keys={keysOf('decisions.accept')} onPress={press(act.keep)}>
          Keep <bdi>{label ?? 'as it is'}</bdi>
        </Button>
        <Button keys={keysOf('decisions.relabel')} onPress={press(act.other)}>
          Other…
        </Button>
        <span className="review-gap" />
        <Button keys={keysOf('decisions.unusable')} onPress={press(act.unusable)}>
          Unusable…
        </Button>
        <Button keys={keysOf('decisions.unclear')} onPress={press(act.unclear)}>
          Unclear
        </Button>
        <Button keys={keysOf('review.skip')} onPress={press(act.skip)}>
          Skip
        </Button>
        <Button keys={keysOf('decisions.note')} onPress={press(act.note)}>
          Note…
        </Button>
      </div>
      <div className="review-row review-favourites">
        {favourites.map((favourite, index) => (
          <AriaButton
            key={favourite}
            className={`review-favourite${favourite === label ? ' is-now' : ''}`}
            onPress={press(() => act.favourite(favourite))}
          >
            <KeyHint keys={String(index + 1)} />
            <bdi>{favourite}</bdi>
          </AriaButton>
        ))}
        <IconButton icon="settings" title="Change the favourite labels" onPress={act.editFavourites} />
      </div>
      <p className="review-keys secondary small">
        <span>
          <KeyHint keys={keysOf('player.toggle')} /> play
        </span>
        <span>
          <KeyHint keys={keysOf('player.restart')} /> from the start
        </span>
        <span>
          <KeyHint keys={keysOf('player.loop')} /> loop
        </span>
        <span>
          <KeyHint keys={keysOf('player.slower')} /> <KeyHint keys={keysOf('player.faster')} /> speed
        </span>
        <span>
          <KeyHint keys={keysOf('review.previous')} /> <KeyHint keys={keysOf('review.next')} /> previous, next
        </span>
        <span>
          <KeyHint keys={keysOf('decisions.undo')} /> undo
        </span>
      </p>
    </div>
  );
}
