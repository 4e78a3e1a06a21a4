/** A step of a document of goods, as a form: its figures, what it does, and then it is done. */
import { useAction } from "@storeloop/api";
import { Button, Notice, ProblemNotice, Stack, toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords } from "../words/index.ts";
import { SkuName } from "./names.tsx";

/** Runs a step; the document is shown as it is afterwards, its list and the stock are asked anew. */
export function useStep<I, D extends { id: string }>(
  list: "supplies" | "transfers",
  run: (input: I, intent: { key: string }) => Promise<D>,
  onDone: () => void,
) {
  const { goods: t } = useWords();
  const queries = useQueryClient();
  return useAction(run, {
    onSuccess: (after) => {
      queries.setQueryData(["object", after.id], after);
      toast(t.done);
      onDone();
      return Promise.all([
        queries.invalidateQueries({ queryKey: [list] }),
        queries.invalidateQueries({ queryKey: ["stock"] }),
      ]);
    },
  });
}

type StepSheetProps<I> = {
  step: { mutate: (input: I) => void; isPending: boolean; error: unknown };
  input: I;
  label: string;
  text: string;
  danger?: boolean;
  disabled?: boolean;
  children?: ReactNode;
};

export function StepSheet<I>(props: StepSheetProps<I>) {
  const { step, input, label, text, danger, disabled, children } = props;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!disabled) step.mutate(input);
      }}
    >
      <Stack>
        {children}
        <Notice>{text}</Notice>
        <ProblemNotice error={step.error} />
        <Button
          kind={danger ? "danger" : "primary"}
          type="submit"
          busy={step.isPending}
          disabled={disabled ?? false}
        >
          {label}
        </Button>
      </Stack>
    </form>
  );
}

type LineTableProps<L> = { columns: string[]; lines: L[]; cells: (line: L) => ReactNode[] };

/** The lines of a document, an article each, with what a step asks of them. */
export function LineTable<L extends { sku_id: string }>({
  columns,
  lines,
  cells,
}: LineTableProps<L>) {
  const { goods: t } = useWords();
  return (
    <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={t.lines}>
      <table className="sl-table">
        <thead>
          <tr>
            <th scope="col">{t.sku}</th>
            {columns.map((column) => (
              <th key={column} scope="col" style={{ minWidth: "4.5rem" }}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.sku_id}>
              <th scope="row">
                <SkuName id={line.sku_id} />
              </th>
              {cells(line).map((cell, nth) => (
                <td key={columns[nth]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
