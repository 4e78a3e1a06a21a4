import { Icon } from "@storeloop/ui";
import { useId } from "react";
import { useWords } from "../words/index.ts";

const SCORES = [1, 2, 3, 4, 5] as const;

type ScoreInputProps = {
  label: string;
  value: number | null;
  onChange: (score: number) => void;
  error?: string | undefined;
};

/** One to five, each with its number and its word: never a row of faces to be guessed at. */
export function ScoreInput({ label, value, onChange, error }: ScoreInputProps) {
  const t = useWords();
  const name = useId();
  return (
    <fieldset className="sl-field">
      <legend className="sl-field__label">{label}</legend>
      <div className="shop-score">
        {SCORES.map((score) => (
          <label key={score} className="sl-chip shop-score__chip">
            <input
              type="radio"
              name={name}
              value={score}
              checked={value === score}
              onChange={() => onChange(score)}
            />
            <span className="shop-score__number">{score}</span>
            <span className="shop-score__word">{t.voice.scores[score - 1]}</span>
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
