// What can be done with several clips at once wherever they are selected: hear them, relabel them, put them aside.
import type { ReactNode } from 'react';
import { keysInWords } from '../../lib/commands.ts';
import { Button } from '../../ui/index.ts';
import { inListOrder, player } from '../player/index.ts';
import { decide } from './decide.ts';

export function ClipsButtons(props: {
  readonly ids: readonly number[];
  /** Nothing can be decided, only heard. */
  readonly isReadOnly?: boolean;
  /** The view's own buttons for labels that are right or not known yet. */
  readonly children: ReactNode;
}) {
  const { ids, isReadOnly = false, children } = props;
  return (
    <>
      <Button
        isSmall
        icon="play"
        keys={keysInWords('player.all')}
        onPress={() => player.playAll(inListOrder(ids))}
      >
        Play all
      </Button>
      <Button
        isSmall
        icon="label"
        keys={keysInWords('decisions.relabel')}
        isDisabled={isReadOnly}
        onPress={() => void decide.askLabel(ids)}
      >
        Relabel…
      </Button>
      {children}
      <Button
        isSmall
        icon="unusable"
        keys={keysInWords('decisions.unusable')}
        isDisabled={isReadOnly}
        onPress={() => void decide.askReason(ids)}
      >
        Unusable…
      </Button>
    </>
  );
}
