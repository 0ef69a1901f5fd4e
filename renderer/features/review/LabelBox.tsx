// Type to find one of many labels.
import { useState } from 'react';
import { Button as AriaButton, ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { Icon } from '../../ui/index.ts';

/** More are not listed at once; typing narrows them. */
const MOST_SHOWN = 100;

export function LabelBox(props: {
  readonly labels: readonly string[];
  readonly onChoose: (label: string) => void;
}) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLocaleLowerCase();
  const shown = props.labels
    .filter((label) => label.toLocaleLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        Number(b.toLocaleLowerCase().startsWith(wanted)) - Number(a.toLocaleLowerCase().startsWith(wanted)),
    )
    .slice(0, MOST_SHOWN);
  return (
    <ComboBox
      className="field label-box"
      aria-label="Add a label"
      menuTrigger="focus"
      inputValue={text}
      onInputChange={setText}
      items={shown.map((id) => ({ id }))}
      onSelectionChange={(key) => {
        if (key !== null) props.onChoose(String(key));
      }}
    >
      <span className="field-box">
        <Input placeholder="Add a label" dir="auto" />
        <AriaButton className="icon-button">
          <Icon name="down" size={12} />
        </AriaButton>
      </span>
      <Popover className="popover menu">
        <ListBox className="menu-list">
          {({ id }: { id: string }) => (
            <ListBoxItem id={id} textValue={id} className="menu-item">
              <bdi>{id}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
