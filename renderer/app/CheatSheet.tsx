// All shortcuts, by group; a press on one changes it.
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import {
  type Command,
  isRemapped,
  keyCaps,
  keyName,
  keysOf,
  remapCommand,
  useAllCommands,
} from '../lib/commands.ts';
import { Button, Dialog, IconButton } from '../ui/index.ts';
import { useFrameDialog } from './app-commands.ts';
import { KeyCaps } from './KeyCaps.tsx';

export function CheatSheet() {
  const isOpen = useFrameDialog(({ open }) => open === 'cheat-sheet');
  const commands = useAllCommands();
  const [changing, setChanging] = useState<string | null>(null);
  const withKeys = commands.filter((command) => keysOf(command).length > 0 || isRemapped(command.id));
  const groups = [...new Set(withKeys.map((command) => command.group))];
  const close = () => {
    setChanging(null);
    useFrameDialog.setState({ open: null });
  };
  const owners = (keys: string, id: string) =>
    commands.filter((other) => other.id !== id && keysOf(other).includes(keys));
  return (
    <Dialog
      title="Keyboard shortcuts"
      isOpen={isOpen}
      onClose={close}
      size="large"
      footnote="Single keys act while a list, a map or the review has the focus, never while typing. Press a shortcut to change it."
      actions={
        <Button
          isDisabled={!commands.some((command) => isRemapped(command.id))}
          onPress={() => {
            for (const command of commands) if (isRemapped(command.id)) remapCommand(command.id, null);
          }}
        >
          All as at first
        </Button>
      }
    >
      <div className="sheet">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            {withKeys
              .filter((command) => command.group === group)
              .map((command) => (
                <Row
                  key={command.id}
                  command={command}
                  isChanging={changing === command.id}
                  conflict={keysOf(command).flatMap((keys) => owners(keys, command.id))[0]?.title ?? null}
                  onChanging={(isChanging) => setChanging(isChanging ? command.id : null)}
                />
              ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row(props: {
  readonly command: Command;
  readonly isChanging: boolean;
  readonly conflict: string | null;
  readonly onChanging: (isChanging: boolean) => void;
}) {
  const { command, isChanging, onChanging } = props;
  const shown = keysOf(command).map((keys) => <KeyCaps key={keys} caps={keyCaps(keys)} />);
  return (
    <div className="sheet-row">
      <span>
        {command.title}
        {props.conflict && isRemapped(command.id) && (
          <span className="warn small"> also: {props.conflict}</span>
        )}
      </span>
      {command.isBuiltIn ? (
        <span className="key-caps">{shown}</span>
      ) : (
        <span className="key-caps">
          {isRemapped(command.id) && (
            <IconButton icon="undo" title="As at first" onPress={() => remapCommand(command.id, null)} />
          )}
          <AriaButton
            className="key-change"
            data-waiting={isChanging || undefined}
            onPress={() => onChanging(!isChanging)}
            onBlur={() => onChanging(false)}
            onKeyDown={(event) => {
              if (!isChanging || ['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) {
                event.continuePropagation();
                return;
              }
              if (event.key !== 'Escape') remapCommand(command.id, [keyName(event.nativeEvent)]);
              onChanging(false);
            }}
          >
            {!isChanging && (
              <span className="visually-hidden">Change the shortcut of {command.title}, now </span>
            )}
            {isChanging ? (
              'press keys'
            ) : (
              <span className="key-caps">{shown.length > 0 ? shown : 'none'}</span>
            )}
          </AriaButton>
        </span>
      )}
    </div>
  );
}
