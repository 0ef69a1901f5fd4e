// What lies over the view: dialogs and menus.
import type { ReactElement, ReactNode } from 'react';
import {
  Dialog as AriaDialog,
  Menu as AriaMenu,
  Header,
  Heading,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover,
  Separator,
} from 'react-aria-components';
import { IconButton } from './Button.tsx';
import { Icon, type IconName } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the bottom right; the default one last. */
  readonly actions?: ReactNode;
  /** Left of the buttons: what will happen. */
  readonly footnote?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  /** The title is spoken but not shown (palette). */
  readonly isTitleHidden?: boolean;
}

export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, actions, footnote, size = 'medium' } = props;
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable
    >
      <Modal className={`dialog dialog-${size}`}>
        <AriaDialog className="dialog-inner" {...(props.isTitleHidden ? { 'aria-label': title } : {})}>
          {!props.isTitleHidden && (
            <header className="dialog-head">
              <Heading slot="title">{title}</Heading>
              <IconButton icon="close" title="Close" keys="Esc" onPress={onClose} />
            </header>
          )}
          <div className="dialog-body">{children}</div>
          {(actions || footnote) && (
            <footer className="dialog-foot">
              <div className="dialog-footnote">{footnote}</div>
              {actions}
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly icon?: IconName;
  readonly keys?: string;
  readonly isChecked?: boolean;
  readonly isDisabled?: boolean;
  readonly run: () => void;
}

export interface MenuGroup {
  readonly title?: string;
  readonly entries: readonly MenuEntry[];
}

/** A button (the child) that opens a menu. */
export function Menu(props: {
  readonly label: string;
  readonly groups: readonly MenuGroup[];
  readonly children: ReactElement;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
}) {
  const groups = props.groups.filter((group) => group.entries.length > 0);
  const entries = groups.flatMap((group) => group.entries);
  return (
    <MenuTrigger
      {...(props.isOpen === undefined ? {} : { isOpen: props.isOpen })}
      {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}
    >
      {props.children}
      <Popover className="popover menu" offset={2}>
        <AriaMenu
          className="menu-list"
          aria-label={props.label}
          disabledKeys={entries.filter((entry) => entry.isDisabled).map((entry) => entry.id)}
          onAction={(id) => entries.find((entry) => entry.id === id)?.run()}
        >
          {groups.map((group, index) => (
            <MenuSection key={group.title ?? index} {...(group.title ? {} : { 'aria-label': props.label })}>
              {group.title ? (
                <Header className="menu-title">{group.title}</Header>
              ) : (
                index > 0 && <Separator />
              )}
              {group.entries.map((entry) => (
                <MenuItem key={entry.id} id={entry.id} textValue={entry.title} className="menu-item">
                  <span className="menu-mark">
                    {entry.isChecked ? (
                      <Icon name="check" size={14} />
                    ) : (
                      entry.icon && <Icon name={entry.icon} size={14} />
                    )}
                  </span>
                  {/* No slots: what is seen is the name, the shortcut with it. */}
                  <span className="menu-label">{entry.title}</span>
                  {entry.detail && <span className="menu-detail">{entry.detail}</span>}
                  {entry.keys && <kbd className="key-hint">{entry.keys}</kbd>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
