// Buttons with words, and icon buttons whose word and shortcut stand in the tooltip.
import type { ReactElement, ReactNode } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  ToggleButton,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import { Icon, type IconName } from './icons.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  readonly children: ReactNode;
  readonly icon?: IconName;
  /** `primary`: the one default action; `quiet`: no frame; `danger`: takes something away. */
  readonly tone?: 'plain' | 'primary' | 'quiet' | 'danger';
  /** Shown after the words in the secondary colour. */
  readonly keys?: string;
  readonly isSmall?: boolean;
}

export function Button({ children, icon, tone = 'plain', keys, isSmall, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button button-${tone}${isSmall ? ' button-small' : ''}`}>
      {icon && <Icon name={icon} />}
      <span className="button-words">{children}</span>
      {keys && <KeyHint keys={keys} />}
    </AriaButton>
  );
}

export function KeyHint({ keys }: { readonly keys: string }) {
  return keys ? <kbd className="key-hint">{keys}</kbd> : null;
}

/** Any focusable element with a tooltip: words, then the shortcut. */
export function WithTooltip(props: {
  readonly title: string;
  readonly keys?: string;
  readonly children: ReactElement;
}) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {props.children}
      <Tooltip className="tooltip" offset={6}>
        {props.title}
        {props.keys && <KeyHint keys={props.keys} />}
      </Tooltip>
    </TooltipTrigger>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style' | 'aria-label'> {
  readonly icon: IconName;
  readonly title: string;
  readonly keys?: string;
}

export function IconButton({ icon, title, keys, ...props }: IconButtonProps) {
  return (
    <WithTooltip title={title} {...(keys ? { keys } : {})}>
      <AriaButton {...props} aria-label={title} className="icon-button">
        <Icon name={icon} />
      </AriaButton>
    </WithTooltip>
  );
}

interface IconToggleProps {
  readonly icon: IconName;
  readonly title: string;
  readonly keys?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  /** A word beside the icon. */
  readonly word?: string;
  readonly isDisabled?: boolean;
}

export function IconToggle({ icon, title, keys, isOn, onChange, word, isDisabled }: IconToggleProps) {
  return (
    <WithTooltip title={title} {...(keys ? { keys } : {})}>
      <ToggleButton
        isSelected={isOn}
        onChange={onChange}
        isDisabled={isDisabled ?? false}
        // A word in sight is the name; what it does is in the tooltip.
        {...(word ? {} : { 'aria-label': title })}
        className={`icon-button${word ? ' icon-button-word' : ''}`}
      >
        <Icon name={icon} />
        {word}
      </ToggleButton>
    </WithTooltip>
  );
}
