import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";
import { useUiWords } from "./words.ts";

type FieldProps = {
  label: string;
  hint?: ReactNode;
  /** The message of a failed check; its presence marks the control as invalid. */
  error?: string | undefined;
  optional?: boolean;
};

type Wiring = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
};

/** A label, a control, its hint and its error, tied together for screen readers. */
export function Field({
  label,
  hint,
  error,
  optional,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const t = useUiWords();
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="sl-field">
      <label className="sl-field__label" htmlFor={id}>
        {label}
        {optional && <span className="sl-muted"> · {t.optional}</span>}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <span className="sl-field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span className="sl-field__error" id={`${id}-error`} role="alert">
          <Icon name="alert" />
          {error}
        </span>
      )}
    </div>
  );
}

type TextInputProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> & {
    value: string;
    onChange: (value: string) => void;
    /** Large, spaced digits: one-time and pickup codes. */
    code?: boolean;
  };

export function TextInput({
  label,
  hint,
  error,
  optional,
  onChange,
  code,
  ...input
}: TextInputProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => (
        <input
          {...input}
          {...wiring}
          className={code ? "sl-input sl-input--code" : "sl-input"}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange"> & {
    value: string;
    onChange: (value: string) => void;
  };

export function TextArea({ label, hint, error, optional, onChange, ...input }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => (
        <textarea
          rows={4}
          {...input}
          {...wiring}
          className="sl-input"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export type Option<V extends string> = {
  value: V;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
};

type SelectProps<V extends string> = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> & {
    value: V | "";
    options: Option<V>[];
    onChange: (value: V) => void;
  };

export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hint, error, optional, options, value, onChange, ...select } = props;
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(wiring) => (
        <select
          {...select}
          {...wiring}
          className="sl-input"
          value={value}
          onChange={(event) => onChange(event.target.value as V)}
        >
          {value === "" && <option value="" disabled hidden />}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type RadioGroupProps<V extends string> = {
  /** Says what is chosen; shown unless `labelHidden`. */
  label: string;
  labelHidden?: boolean;
  value: V | null;
  options: (Omit<Option<V>, "label"> & { label: ReactNode })[];
  onChange: (value: V) => void;
  /** `rows`: plain lines; `cards`: framed lines; `chips`: short words side by side. */
  look?: "rows" | "cards" | "chips";
  error?: string | undefined;
};

/** One of several, by arrow keys or finger. */
export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const { label, labelHidden, value, options, onChange, look = "rows", error } = props;
  const name = useId();
  const chips = look === "chips";
  return (
    <fieldset className="sl-field">
      <legend className={labelHidden ? "sl-visually-hidden" : "sl-field__label"}>{label}</legend>
      <div className={chips ? "sl-chips" : "sl-stack sl-stack--2"}>
        {options.map((option, index) => (
          <label
            key={option.value}
            className={
              chips ? "sl-chip" : `sl-choice sl-choice--${look === "cards" ? "card" : "row"}`
            }
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              // Where a form takes the person to mend it; a radio itself cannot be invalid.
              data-invalid={(error && index === 0) || undefined}
              onChange={() => onChange(option.value)}
            />
            {chips ? (
              option.label
            ) : (
              <span className="sl-choice__text">
                <span>{option.label}</span>
                {option.hint && <span className="sl-choice__hint">{option.hint}</span>}
              </span>
            )}
          </label>
        ))}
      </div>
      {error && (
        <span className="sl-field__error" role="alert">
          <Icon name="alert" />
          {error}
        </span>
      )}
    </fieldset>
  );
}

type CheckboxProps = {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  card?: boolean;
  /** Says on/off instead of checked/unchecked: for settings that act at once. */
  asSwitch?: boolean;
};

export function Checkbox({
  label,
  hint,
  checked,
  onChange,
  disabled,
  card,
  asSwitch,
}: CheckboxProps) {
  return (
    <label className={card ? "sl-choice sl-choice--card" : "sl-choice"}>
      <input
        type="checkbox"
        role={asSwitch ? "switch" : undefined}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="sl-choice__text">
        <span>{label}</span>
        {hint && <span className="sl-choice__hint">{hint}</span>}
      </span>
    </label>
  );
}

type SearchInputProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit?: (value: string) => void;
  placeholder?: string;
  autoFocus?: boolean;
};

/** A search box in a form of its own, so that the phone's keyboard offers "search". */
export function SearchInput(props: SearchInputProps) {
  const { label, value, onChange, onSubmit, placeholder, autoFocus } = props;
  return (
    <form
      className="sl-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.(value);
      }}
    >
      <span className="sl-search__icon">
        <Icon name="search" />
      </span>
      <input
        className="sl-input"
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={value}
        // The page of a search exists to be typed into.
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
      />
    </form>
  );
}

type StepperProps = {
  label: string;
  value: number;
  min?: number;
  max?: number;
  onChange: (value: number) => void;
  till?: boolean;
  disabled?: boolean;
};

/** A small quantity by two buttons; at one, `min={0}` turns the minus into a bin. */
export function Stepper({
  label,
  value,
  min = 1,
  max = 99,
  onChange,
  till,
  disabled,
}: StepperProps) {
  const t = useUiWords();
  const removes = min === 0 && value === 1;
  return (
    <div
      className={till ? "sl-stepper sl-stepper--till" : "sl-stepper"}
      role="group"
      aria-label={label}
    >
      <IconButton
        icon={removes ? "trash" : "minus"}
        label={removes ? t.remove : t.less}
        disabled={disabled || value <= min}
        onClick={() => onChange(value - 1)}
      />
      <span className="sl-stepper__value" aria-live="polite">
        {value}
      </span>
      <IconButton
        icon="plus"
        label={t.more}
        disabled={disabled || value >= max}
        onClick={() => onChange(value + 1)}
      />
    </div>
  );
}
