// Shows or hides the facets, from the filter bar.
import { keysInWords } from '../../lib/commands.ts';
import { useLayout } from '../../lib/state/layout.ts';
import { IconToggle } from '../../ui/index.ts';

export function FacetsToggle() {
  const { areFacetsOpen, change } = useLayout();
  return (
    <IconToggle
      icon="facets"
      title={areFacetsOpen ? 'Hide the facets' : 'Show the facets'}
      keys={keysInWords('clips.facets')}
      isOn={areFacetsOpen}
      onChange={(isOn) => change({ areFacetsOpen: isOn })}
    />
  );
}
